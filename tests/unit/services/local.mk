# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/services/showq_test
tests_unit_services_showq_test_LDADD = services/showq/libshowq.a $(UNIT_LIBS)
tests_unit_services_showq_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/unit/services/showq_test.cc
