# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/search/search_test
tests_unit_search_search_test_LDADD = lib/search/libsearch.a $(UNIT_LIBS)
tests_unit_search_search_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/unit/search/explain_test.cc \
	tests/unit/search/filter_test.cc \
	tests/unit/search/finder_test.cc \
	tests/unit/search/inquiry_test.cc \
	tests/unit/search/speed_test.cc
