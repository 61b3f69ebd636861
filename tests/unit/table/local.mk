# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/table/table_test
tests_unit_table_table_test_LDADD = $(UNIT_LIBS)
tests_unit_table_table_test_SOURCES = \
	tests/unit/table/address_keys_test.cc \
	tests/unit/table/berkeley_file_test.cc \
	tests/unit/table/match_list_test.cc \
	tests/unit/table/proxy_table_test.cc \
	tests/unit/table/support.h \
	tests/unit/table/tables_test.cc
