# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/table/table_test
tests_unit_table_table_test_LDADD = $(UNIT_LIBS)
tests_unit_table_table_test_SOURCES = \
	tests/unit/table/address_keys_test.cc \
	tests/unit/table/berkeley_file_test.cc \
	tests/unit/table/database_table_test.cc \
	tests/unit/table/key_template_test.cc \
	tests/unit/table/match_list_test.cc \
	tests/unit/table/proxy_table_test.cc \
	tests/unit/table/support.h \
	tests/unit/table/table_file_test.cc \
	tests/unit/table/tables_test.cc

# A module for database_table_test.
check_PROGRAMS += tests/unit/table/fake-module.so
tests_unit_table_fake_module_so_SOURCES = tests/unit/table/fake_module.cc lib/table/module.h
tests_unit_table_fake_module_so_CXXFLAGS = $(CXX_OF_MODULES)
tests_unit_table_fake_module_so_LDFLAGS = $(LINK_OF_MODULES)
