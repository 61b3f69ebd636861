# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/mail/libmail.a
lib_mail_libmail_a_SOURCES = \
	lib/mail/address.cc lib/mail/address.h \
	lib/mail/address_list.cc lib/mail/address_list.h \
	lib/mail/check_answer.cc lib/mail/check_answer.h \
	lib/mail/content_type.cc lib/mail/content_type.h \
	lib/mail/date.cc lib/mail/date.h \
	lib/mail/delivery_line.cc lib/mail/delivery_line.h \
	lib/mail/domain.cc lib/mail/domain.h \
	lib/mail/envelope.h \
	lib/mail/failure_class.cc lib/mail/failure_class.h \
	lib/mail/failure_classifier.cc lib/mail/failure_classifier.h \
	lib/mail/failure_codes.cc \
	lib/mail/failure_phrases_address.cc \
	lib/mail/failure_phrases_message.cc \
	lib/mail/failure_phrases_refusal.cc \
	lib/mail/failure_phrases_transport.cc \
	lib/mail/failure_provider_codes.cc \
	lib/mail/failure_reading.cc lib/mail/failure_reading.h \
	lib/mail/failure_rules.cc lib/mail/failure_rules.h \
	lib/mail/header.cc lib/mail/header.h \
	lib/mail/message_id.cc lib/mail/message_id.h \
	lib/mail/mime_downgrade.cc lib/mail/mime_downgrade.h \
	lib/mail/mime_walk.cc lib/mail/mime_walk.h \
	lib/mail/outcome.h \
	lib/mail/queue_id.cc lib/mail/queue_id.h \
	lib/mail/quoted_printable.cc lib/mail/quoted_printable.h \
	lib/mail/received.cc lib/mail/received.h \
	lib/mail/status_code.cc lib/mail/status_code.h \
	lib/mail/transcript.cc lib/mail/transcript.h \
	lib/mail/wrap.cc lib/mail/wrap.h \
	lib/mail/verp.cc lib/mail/verp.h \
	lib/mail/xtext.cc lib/mail/xtext.h
