# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/event/libevent_loop.a
lib_event_libevent_loop_a_SOURCES =
