# SPDX-License-Identifier: Apache-2.0
# postconf beside what Postfix 3.7 was seen to do: one file per scenario.
UNIT_TESTS += tests/golden/postconf/postconf_test
tests_golden_postconf_postconf_test_LDADD = $(UNIT_LIBS)
tests_golden_postconf_postconf_test_SOURCES = tests/golden/postconf/postconf_test.cc
EXTRA_DIST += tests/golden/postconf/cases
