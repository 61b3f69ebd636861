# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += local/liblocal.a
local_liblocal_a_SOURCES = \
	local/agent.cc local/agent.h \
	local/biff.cc local/biff.h \
	local/deliverer.cc local/deliverer.h \
	local/deliverer_command.cc \
	local/execution.cc local/execution.h \
	local/files.cc local/files.h \
	local/forwarder.cc local/forwarder.h \
	local/host.h \
	local/names.cc local/names.h \
	local/notifier.cc local/notifier.h \
	local/plan.h \
	local/planner.cc local/planner.h \
	local/planner_alias.cc \
	local/planner_files.cc \
	local/planner_user.cc \
	local/program.cc local/program.h \
	local/progress.cc local/progress.h \
	local/seen.h \
	local/settings.cc local/settings.h \
	local/system_host.cc local/system_host.h \
	local/targets.cc local/targets.h
daemon_PROGRAMS += local/local
local_local_SOURCES = local/main.cc
local_local_LDADD = local/liblocal.a $(POSTHOUSE_LIBS)
