# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/queue/queue_test
EXTRA_DIST += tests/golden/queue/sample.hex
tests_unit_queue_queue_test_LDADD = lib/queue/libqueue.a lib/mail/libmail.a lib/base/libbase.a \
	$(LMDB_LIBS) $(GTEST_LIBS) -lgtest_main
tests_unit_queue_queue_test_SOURCES = \
	tests/unit/queue/content_scan_test.cc \
	tests/unit/queue/directories_test.cc \
	tests/unit/queue/fault_disk.cc tests/unit/queue/fault_disk.h \
	tests/unit/queue/index_test.cc \
	tests/unit/queue/journal_test.cc \
	tests/unit/queue/listing_test.cc \
	tests/unit/queue/queue_fixture.h \
	tests/unit/queue/reader_test.cc \
	tests/unit/queue/sample_file.h \
	tests/unit/queue/speed_test.cc \
	tests/unit/queue/spool_test.cc \
	tests/unit/queue/string_disk.h \
	tests/unit/queue/writer_test.cc
