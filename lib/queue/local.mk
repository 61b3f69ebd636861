# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/queue/libqueue.a
EXTRA_DIST += lib/queue/FORMAT.md lib/queue/README.md
lib_queue_libqueue_a_SOURCES = \
	lib/queue/bytes.h \
	lib/queue/content_scan.cc lib/queue/content_scan.h \
	lib/queue/directories.cc lib/queue/directories.h \
	lib/queue/disk.h \
	lib/queue/format.cc lib/queue/format.h \
	lib/queue/index.cc lib/queue/index.h \
	lib/queue/index_private.cc lib/queue/index_private.h \
	lib/queue/index_rebuild.cc lib/queue/index_rebuild.h \
	lib/queue/journal.cc lib/queue/journal.h \
	lib/queue/journal_format.cc lib/queue/journal_format.h \
	lib/queue/listing.cc lib/queue/listing.h \
	lib/queue/listing_wire.cc lib/queue/listing_wire.h \
	lib/queue/message.cc lib/queue/message.h \
	lib/queue/reader.cc lib/queue/reader.h \
	lib/queue/spool.cc lib/queue/spool.h \
	lib/queue/system_disk.cc lib/queue/system_disk.h \
	lib/queue/writer.cc lib/queue/writer.h
