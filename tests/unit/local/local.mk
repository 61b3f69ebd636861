# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/local/local_test
tests_unit_local_local_test_LDADD = local/liblocal.a $(UNIT_LIBS)
tests_unit_local_local_test_SOURCES = \
	tests/unit/local/files_test.cc \
	tests/unit/local/names_test.cc \
	tests/unit/local/fake_host.h \
	tests/unit/local/planner_test.cc \
	tests/unit/local/progress_test.cc \
	tests/unit/local/targets_test.cc
