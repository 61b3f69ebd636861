# SPDX-License-Identifier: Apache-2.0
EXTRA_DIST += tests/unit/mail/failure_replies.tsv
UNIT_TESTS += tests/unit/mail/mail_test
tests_unit_mail_mail_test_LDADD = $(UNIT_LIBS)
tests_unit_mail_mail_test_SOURCES = \
	tests/unit/mail/address_list_test.cc \
	tests/unit/mail/check_answer_test.cc \
	tests/unit/mail/address_test.cc \
	tests/unit/mail/failure_class_test.cc \
	tests/unit/mail/failure_classifier_test.cc \
	tests/unit/mail/failure_reading_test.cc \
	tests/unit/mail/content_type_test.cc \
	tests/unit/mail/header_test.cc \
	tests/unit/mail/mime_walk_test.cc \
	tests/unit/mail/queue_id_test.cc \
	tests/unit/mail/received_test.cc \
	tests/unit/mail/status_code_test.cc \
	tests/unit/mail/transcript_test.cc \
	tests/unit/mail/verp_test.cc \
	tests/unit/mail/wrap_test.cc

UNIT_TESTS += tests/unit/mail/mime_downgrade_test
tests_unit_mail_mime_downgrade_test_LDADD = $(UNIT_LIBS)
tests_unit_mail_mime_downgrade_test_SOURCES = tests/unit/mail/mime_downgrade_test.cc
