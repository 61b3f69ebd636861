# SPDX-License-Identifier: Apache-2.0
include tools/postconf/local.mk
include tools/postmap/local.mk
