# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/policy/policy_test
tests_unit_policy_policy_test_LDADD = $(UNIT_LIBS)
tests_unit_policy_policy_test_SOURCES = \
	tests/unit/policy/lists_test.cc \
	tests/unit/policy/restrictions_test.cc
