# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/base/libbase.a
lib_base_libbase_a_SOURCES = \
	lib/base/calendar.h \
	lib/base/clock.cc lib/base/clock.h \
	lib/base/crc32c.cc lib/base/crc32c.h \
	lib/base/fd.cc lib/base/fd.h \
	lib/base/file.cc lib/base/file.h \
	lib/base/lmdb.cc lib/base/lmdb.h \
	lib/base/log.cc lib/base/log.h \
	lib/base/log_sinks.cc lib/base/log_sinks.h \
	lib/base/parse.h \
	lib/base/result.cc lib/base/result.h \
	lib/base/strings.cc lib/base/strings.h \
	lib/base/task.cc lib/base/task.h
if SANITIZERS
lib_base_libbase_a_SOURCES += lib/base/sanitizer.cc
endif
EXTRA_DIST += lib/base/sanitizer.cc tests/unit/base/sanitizer_test.cc
