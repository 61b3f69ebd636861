# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/config/config_test
tests_unit_config_config_test_LDADD = $(UNIT_LIBS)
tests_unit_config_config_test_SOURCES = \
	tests/unit/config/compat_level_test.cc \
	tests/unit/config/edit_test.cc \
	tests/unit/config/expand_test.cc \
	tests/unit/config/host_test.cc \
	tests/unit/config/lines_test.cc \
	tests/unit/config/main_cf_test.cc \
	tests/unit/config/master_cf_test.cc \
	tests/unit/config/names_test.cc \
	tests/unit/config/own_addresses_test.cc \
	tests/unit/config/notice_template_test.cc \
	tests/unit/config/param_test.cc \
	tests/unit/config/params/foreign_test.cc \
	tests/unit/config/params/local_test.cc \
	tests/unit/config/params/registry_test.cc
