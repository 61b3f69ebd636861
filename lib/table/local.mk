# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/table/libtable.a
lib_table_libtable_a_SOURCES = \
	lib/table/address_keys.cc lib/table/address_keys.h \
	lib/table/berkeley_file.cc lib/table/berkeley_file.h \
	lib/table/cidr_table.cc lib/table/cidr_table.h \
	lib/table/database_table.cc lib/table/database_table.h \
	lib/table/file_table.cc lib/table/file_table.h \
	lib/table/installed_modules.cc lib/table/installed_modules.h \
	lib/table/key_template.cc lib/table/key_template.h \
	lib/table/lmdb_file.cc lib/table/lmdb_file.h \
	lib/table/maps.cc lib/table/maps.h \
	lib/table/match_list.cc lib/table/match_list.h \
	lib/table/pattern_table.cc lib/table/pattern_table.h lib/table/posix_pattern.cc \
	lib/table/module.h \
	lib/table/proxy_pool.cc lib/table/proxy_pool.h \
	lib/table/proxy_table.cc lib/table/proxy_table.h \
	lib/table/rules.cc lib/table/rules.h \
	lib/table/simple_tables.cc lib/table/simple_tables.h \
	lib/table/source.cc lib/table/source.h \
	lib/table/table.cc lib/table/table.h \
	lib/table/table_file.cc lib/table/table_file.h \
	lib/table/tables.cc lib/table/tables.h
