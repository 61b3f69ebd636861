# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/event/event_test
tests_unit_event_event_test_LDADD = $(UNIT_LIBS)
tests_unit_event_event_test_SOURCES = \
	tests/unit/event/loop_test.cc \
	tests/unit/event/notice_test.cc \
	tests/unit/event/offload_test.cc \
	tests/unit/event/watch_test.cc
