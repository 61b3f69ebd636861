# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/cleanup/cleanup_test
tests_unit_cleanup_cleanup_test_LDADD = cleanup/libcleanup.a $(UNIT_LIBS)
tests_unit_cleanup_cleanup_test_SOURCES = \
	tests/unit/cleanup/addressing_test.cc \
	tests/unit/cleanup/characters_test.cc \
	tests/unit/cleanup/cleanup_fixture.cc tests/unit/cleanup/cleanup_fixture.h \
	tests/unit/cleanup/content_checks_test.cc \
	tests/unit/cleanup/disk_fault_test.cc \
	tests/unit/cleanup/samples_test.cc \
	tests/unit/cleanup/session_test.cc \
	tests/unit/cleanup/speed_test.cc \
	tests/unit/queue/fault_disk.cc
