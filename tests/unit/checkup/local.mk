# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/checkup/checkup_test
tests_unit_checkup_checkup_test_LDADD = $(UNIT_LIBS)
tests_unit_checkup_checkup_test_SOURCES = \
	tests/unit/checkup/checkup_test.cc \
	tests/unit/checkup/configuration.h \
	tests/unit/checkup/domains_test.cc \
	tests/unit/checkup/lookups_test.cc \
	tests/unit/checkup/pipes_test.cc
