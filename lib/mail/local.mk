# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/mail/libmail.a
lib_mail_libmail_a_SOURCES = \
	lib/mail/address.cc lib/mail/address.h \
	lib/mail/domain.cc lib/mail/domain.h \
	lib/mail/envelope.h \
	lib/mail/outcome.h \
	lib/mail/queue_id.h \
	lib/mail/xtext.cc lib/mail/xtext.h
