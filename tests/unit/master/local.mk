# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/master/master_test
tests_unit_master_master_test_LDADD = master/libmaster.a $(UNIT_LIBS)
tests_unit_master_master_test_SOURCES = \
	tests/unit/master/endpoint_test.cc \
	tests/unit/master/environment_test.cc \
	tests/unit/master/guardian_test.cc \
	tests/unit/master/listeners_test.cc \
	tests/unit/master/lock_test.cc \
	tests/unit/master/process_test.cc \
	tests/unit/master/service_table_test.cc \
	tests/unit/master/throttle_test.cc \
	tests/unit/master/workers_test.cc
