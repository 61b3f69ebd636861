# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += local/drop/libdrop.a
local_drop_libdrop_a_SOURCES = \
	local/drop/attributes.cc local/drop/attributes.h \
	local/drop/drop_agent.cc local/drop/drop_agent.h \
	local/drop/drop_file.cc local/drop/drop_file.h
daemon_PROGRAMS += local/drop/drop
local_drop_drop_SOURCES = local/drop/main.cc
local_drop_drop_LDADD = local/drop/libdrop.a $(POSTHOUSE_LIBS)
