# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/table/modules/modules_test
tests_unit_table_modules_modules_test_LDADD = $(UNIT_LIBS)
tests_unit_table_modules_modules_test_SOURCES = \
	lib/table/modules/sql_query.cc \
	tests/unit/table/modules/support.h \
	tests/unit/table/modules/sql_query_test.cc
if HAVE_SQLITE
tests_unit_table_modules_modules_test_SOURCES += lib/table/modules/sqlite.cc \
	tests/unit/table/modules/sqlite_test.cc
tests_unit_table_modules_modules_test_LDADD += $(SQLITE_LIBS)
endif
