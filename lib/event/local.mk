# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/event/libevent_loop.a
lib_event_libevent_loop_a_SOURCES = \
	lib/event/input.cc lib/event/input.h \
	lib/event/loop.cc lib/event/loop.h \
	lib/event/notice.cc lib/event/notice.h \
	lib/event/offload.cc lib/event/offload.h \
	lib/event/signals.cc lib/event/signals.h \
	lib/event/timer.cc lib/event/timer.h \
	lib/event/watch.cc lib/event/watch.h
