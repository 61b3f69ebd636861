# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/mail/libmail.a
lib_mail_libmail_a_SOURCES =
