# SPDX-License-Identifier: Apache-2.0
# A module for each kind of database that is there. Modules share nothing with the programs that
# load them: what they need of lib/base is built into them.
shlibdir = @shlib_directory@
shlib_PROGRAMS =
CXX_OF_MODULES = $(WARNING_CXXFLAGS) $(HARDENING_CXXFLAGS) $(SANITIZER_FLAGS) -fPIC -fvisibility=hidden
LINK_OF_MODULES = -shared $(SANITIZER_FLAGS) -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
BASE_OF_MODULES = lib/base/strings.cc lib/base/result.cc lib/table/module.h
BASE_OF_SQL = $(BASE_OF_MODULES) lib/table/modules/sql_query.cc lib/table/modules/sql_query.h
BASE_OF_SERVERS = lib/table/modules/servers.cc lib/table/modules/servers.h
BASE_OF_SQL_SERVERS = $(BASE_OF_SERVERS) $(BASE_OF_SQL) \
	lib/table/modules/sql_server.cc lib/table/modules/sql_server.h

if HAVE_SQLITE
shlib_PROGRAMS += lib/table/modules/posthouse-sqlite.so
lib_table_modules_posthouse_sqlite_so_SOURCES = $(BASE_OF_SQL) \
	lib/table/modules/sqlite.cc lib/table/modules/sqlite.h lib/table/modules/sqlite_module_private.cc
lib_table_modules_posthouse_sqlite_so_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
lib_table_modules_posthouse_sqlite_so_CXXFLAGS = $(CXX_OF_MODULES)
lib_table_modules_posthouse_sqlite_so_LDFLAGS = $(LINK_OF_MODULES)
lib_table_modules_posthouse_sqlite_so_LDADD = $(SQLITE_LIBS)
endif

if HAVE_MYSQL
shlib_PROGRAMS += lib/table/modules/posthouse-mysql.so
lib_table_modules_posthouse_mysql_so_SOURCES = $(BASE_OF_SQL_SERVERS) \
	lib/table/modules/mysql.cc lib/table/modules/mysql.h lib/table/modules/mysql_module_private.cc
lib_table_modules_posthouse_mysql_so_CPPFLAGS = $(AM_CPPFLAGS) $(MYSQL_CFLAGS)
lib_table_modules_posthouse_mysql_so_CXXFLAGS = $(CXX_OF_MODULES)
lib_table_modules_posthouse_mysql_so_LDFLAGS = $(LINK_OF_MODULES)
lib_table_modules_posthouse_mysql_so_LDADD = $(MYSQL_LIBS)
endif

if HAVE_PGSQL
shlib_PROGRAMS += lib/table/modules/posthouse-pgsql.so
lib_table_modules_posthouse_pgsql_so_SOURCES = $(BASE_OF_SQL_SERVERS) \
	lib/table/modules/pgsql.cc lib/table/modules/pgsql.h lib/table/modules/pgsql_module_private.cc
lib_table_modules_posthouse_pgsql_so_CPPFLAGS = $(AM_CPPFLAGS) $(PGSQL_CFLAGS)
lib_table_modules_posthouse_pgsql_so_CXXFLAGS = $(CXX_OF_MODULES)
lib_table_modules_posthouse_pgsql_so_LDFLAGS = $(LINK_OF_MODULES)
lib_table_modules_posthouse_pgsql_so_LDADD = $(PGSQL_LIBS)
endif

if HAVE_LDAP
shlib_PROGRAMS += lib/table/modules/posthouse-ldap.so
lib_table_modules_posthouse_ldap_so_SOURCES = $(BASE_OF_SERVERS) $(BASE_OF_MODULES) \
	lib/table/modules/ldap.cc lib/table/modules/ldap.h \
	lib/table/modules/ldap_connection.cc lib/table/modules/ldap_connection.h \
	lib/table/modules/ldap_text.cc lib/table/modules/ldap_text.h \
	lib/table/modules/ldap_module_private.cc
lib_table_modules_posthouse_ldap_so_CPPFLAGS = $(AM_CPPFLAGS) $(LDAP_CFLAGS)
lib_table_modules_posthouse_ldap_so_CXXFLAGS = $(CXX_OF_MODULES)
lib_table_modules_posthouse_ldap_so_LDFLAGS = $(LINK_OF_MODULES)
lib_table_modules_posthouse_ldap_so_LDADD = $(LDAP_LIBS)
endif

# The lines of dynamicmaps.cf, a file for each module that is there.
install-data-local: install-module-lines
.PHONY: install-module-lines
install-module-lines:
	for module in $(shlib_PROGRAMS); do \
	    $(MKDIR_P) '$(DESTDIR)$(configdir)/dynamicmaps.cf.d' || exit 1; \
	    type=$${module##*/posthouse-}; type=$${type%.so}; \
	    printf '# type\tmodule\tfunction\n%s\tposthouse-%s.so\tposthouse_%s\n' $$type $$type $$type \
	        >"$(DESTDIR)$(configdir)/dynamicmaps.cf.d/$$type.cf" || exit 1; \
	done

