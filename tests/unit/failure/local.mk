# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/failure/failure_test
tests_unit_failure_failure_test_LDADD = $(UNIT_LIBS)
tests_unit_failure_failure_test_SOURCES = \
	tests/unit/failure/labels_test.cc \
	tests/unit/failure/map_check_test.cc
