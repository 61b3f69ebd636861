# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += local/pipe/libpipe.a
local_pipe_libpipe_a_SOURCES = \
	local/pipe/arguments.cc local/pipe/arguments.h \
	local/pipe/attributes.cc local/pipe/attributes.h \
	local/pipe/pipe_agent.cc local/pipe/pipe_agent.h \
	local/pipe/settings.cc
daemon_PROGRAMS += local/pipe/pipe
local_pipe_pipe_SOURCES = local/pipe/main.cc
local_pipe_pipe_LDADD = local/pipe/libpipe.a $(POSTHOUSE_LIBS)
