# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/base/base_test
tests_unit_base_base_test_LDADD = $(UNIT_LIBS)
tests_unit_base_base_test_SOURCES = \
	tests/unit/base/crc32c_test.cc \
	tests/unit/base/fd_test.cc \
	tests/unit/base/file_test.cc \
	tests/unit/base/lmdb_test.cc \
	tests/unit/base/log_test.cc \
	tests/unit/base/parse_test.cc \
	tests/unit/base/result_test.cc \
	tests/unit/base/strings_test.cc \
	tests/unit/base/task_test.cc
if SANITIZERS
tests_unit_base_base_test_SOURCES += tests/unit/base/sanitizer_test.cc
endif
