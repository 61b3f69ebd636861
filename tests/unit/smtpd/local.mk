# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/smtpd/smtpd_test
tests_unit_smtpd_smtpd_test_LDADD = smtpd/libsmtpd.a $(UNIT_LIBS)
tests_unit_smtpd_smtpd_test_SOURCES = \
	tests/unit/smtpd/command_lists_test.cc \
	tests/unit/smtpd/driver_test.cc \
	tests/unit/smtpd/policy/access_result_test.cc \
	tests/unit/smtpd/policy/engine_test.cc \
	tests/unit/smtpd/policy/checks_test.cc \
	tests/unit/smtpd/policy/stages_test.cc \
	tests/unit/smtpd/policy_fixture.h \
	tests/unit/smtpd/reject_footer_test.cc \
	tests/unit/smtpd/session_record_test.cc
