# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/mail/libmail.a
lib_mail_libmail_a_SOURCES = \
	lib/mail/mime_downgrade.cc lib/mail/mime_downgrade.h \
	lib/mail/quoted_printable.cc lib/mail/quoted_printable.h
