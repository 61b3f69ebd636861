# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += qmgr/libqmgr.a
qmgr_libqmgr_a_SOURCES = \
	qmgr/activate.cc qmgr/active_message.h \
	qmgr/agents.cc qmgr/agents.h \
	qmgr/content_filter.cc qmgr/content_filter.h \
	qmgr/commands.cc qmgr/commands.h \
	qmgr/catalog.cc qmgr/catalog.h \
	qmgr/delivery_port.h \
	qmgr/dispatch.cc \
	qmgr/failure_reports.cc qmgr/failure_reports.h \
	qmgr/intake.cc \
	qmgr/manager.cc qmgr/manager.h \
	qmgr/manager_commands.cc \
	qmgr/notify.cc \
	qmgr/router.h \
	qmgr/program.cc qmgr/program.h \
	qmgr/questions.cc \
	qmgr/table_router.cc qmgr/table_router.h \
	qmgr/settle.cc \
	qmgr/active_set.cc qmgr/active_set.h \
	qmgr/agent_share.cc qmgr/agent_share.h \
	qmgr/destination.h \
	qmgr/id_heap.h \
	qmgr/jitter.h \
	qmgr/ready.cc qmgr/ready.h \
	qmgr/retry.cc qmgr/retry.h \
	qmgr/schedule.h \
	qmgr/scheduler.cc qmgr/scheduler.h \
	qmgr/scheduler_admit.cc qmgr/scheduler_explain.cc qmgr/scheduler_finish.cc \
	qmgr/scheduler_lines.cc \
	qmgr/settings.h \
	qmgr/slab.h \
	qmgr/window.cc qmgr/window.h
daemon_PROGRAMS += qmgr/qmgr
qmgr_qmgr_SOURCES = qmgr/main.cc
qmgr_qmgr_LDADD = qmgr/libqmgr.a $(POSTHOUSE_LIBS)
