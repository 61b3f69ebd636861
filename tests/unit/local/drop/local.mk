# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/local/drop/drop_test
tests_unit_local_drop_drop_test_LDADD = local/drop/libdrop.a $(UNIT_LIBS)
tests_unit_local_drop_drop_test_SOURCES = \
	tests/unit/local/drop/attributes_test.cc \
	tests/unit/local/drop/drop_agent_test.cc
