# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += qmgr/libqmgr.a
qmgr_libqmgr_a_SOURCES = \
	qmgr/active_set.cc qmgr/active_set.h \
	qmgr/agent_share.cc qmgr/agent_share.h \
	qmgr/destination.h \
	qmgr/id_heap.h \
	qmgr/jitter.h \
	qmgr/ready.cc qmgr/ready.h \
	qmgr/retry.cc qmgr/retry.h \
	qmgr/scheduler.cc qmgr/scheduler.h \
	qmgr/scheduler_admit.cc qmgr/scheduler_explain.cc qmgr/scheduler_finish.cc \
	qmgr/settings.h \
	qmgr/slab.h \
	qmgr/window.cc qmgr/window.h
