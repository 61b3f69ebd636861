# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/config/config_test
tests_unit_config_config_test_LDADD = $(UNIT_LIBS)
tests_unit_config_config_test_SOURCES = \
	tests/unit/config/main_cf_test.cc \
	tests/unit/config/master_cf_test.cc \
	tests/unit/config/param_test.cc
