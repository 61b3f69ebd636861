# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/queue/libqueue.a
lib_queue_libqueue_a_SOURCES =
