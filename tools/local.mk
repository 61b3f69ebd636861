# SPDX-License-Identifier: Apache-2.0
include tools/postconf/local.mk
include tools/postlog/local.mk
include tools/bounces/local.mk
include tools/doctor/local.mk
include tools/postfix/local.mk
include tools/postmap/local.mk
include tools/postqueue/local.mk
include tools/postsuper/local.mk
include tools/postcat/local.mk
include tools/qshape/local.mk
include tools/postkick/local.mk
include tools/postlock/local.mk
include tools/postbadmail/local.mk
