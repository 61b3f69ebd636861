# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/search/libsearch.a
EXTRA_DIST += lib/search/README.md
lib_search_libsearch_a_SOURCES = \
	lib/search/asking.cc lib/search/asking.h \
	lib/search/command_line.cc lib/search/command_line.h \
	lib/search/explain.cc lib/search/explain.h \
	lib/search/filter.cc lib/search/filter.h \
	lib/search/finder.cc lib/search/finder.h \
	lib/search/groups.cc lib/search/groups.h \
	lib/search/inquiry.cc lib/search/inquiry.h
