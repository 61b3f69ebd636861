# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/submit/submit_test
tests_unit_submit_submit_test_LDADD = submit/libsendmail.a submit/libpostdrop.a \
	submit/libpickup.a $(UNIT_LIBS)
tests_unit_submit_submit_test_SOURCES = \
	tests/unit/submit/content_test.cc \
	tests/unit/submit/options_test.cc \
	tests/unit/submit/postdrop_test.cc \
	tests/unit/submit/recipients_test.cc \
	tests/unit/submit/sender_rule_test.cc \
	tests/unit/submit/sender_test.cc \
	tests/unit/submit/stream_test.cc
