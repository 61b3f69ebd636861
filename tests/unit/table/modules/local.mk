# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/table/modules/modules_test
tests_unit_table_modules_modules_test_LDADD = $(UNIT_LIBS)
tests_unit_table_modules_modules_test_SOURCES = \
	lib/table/modules/servers.cc lib/table/modules/sql_query.cc \
	lib/table/modules/sql_server.cc \
	tests/unit/table/modules/servers_test.cc \
	tests/unit/table/modules/sql_server_test.cc \
	tests/unit/table/modules/support.h \
	tests/unit/table/modules/sql_query_test.cc
if HAVE_SQLITE
tests_unit_table_modules_modules_test_SOURCES += lib/table/modules/sqlite.cc \
	tests/unit/table/modules/sqlite_test.cc
tests_unit_table_modules_modules_test_LDADD += $(SQLITE_LIBS)
endif
if HAVE_MYSQL
tests_unit_table_modules_modules_test_SOURCES += lib/table/modules/mysql.cc \
	tests/unit/table/modules/mysql_test.cc
tests_unit_table_modules_modules_test_LDADD += $(MYSQL_LIBS)
endif
if HAVE_PGSQL
tests_unit_table_modules_modules_test_SOURCES += lib/table/modules/pgsql.cc \
	tests/unit/table/modules/pgsql_test.cc
tests_unit_table_modules_modules_test_LDADD += $(PGSQL_LIBS)
endif
tests_unit_table_modules_modules_test_SOURCES += lib/table/modules/ldap_text.cc \
	tests/unit/table/modules/ldap_text_test.cc
if HAVE_LDAP
tests_unit_table_modules_modules_test_SOURCES += lib/table/modules/ldap.cc \
	lib/table/modules/ldap_connection.cc tests/unit/table/modules/ldap_test.cc
tests_unit_table_modules_modules_test_LDADD += $(LDAP_LIBS)
endif
tests_unit_table_modules_modules_test_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(MYSQL_CFLAGS) $(PGSQL_CFLAGS) \
	$(LDAP_CFLAGS)
