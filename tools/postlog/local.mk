# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postlog/libpostlogcmd.a
tools_postlog_libpostlogcmd_a_SOURCES = \
	tools/postlog/options.cc tools/postlog/options.h \
	tools/postlog/postlog.cc tools/postlog/postlog.h
command_PROGRAMS += tools/postlog/postlog
tools_postlog_postlog_SOURCES = tools/postlog/main.cc
tools_postlog_postlog_LDADD = tools/postlog/libpostlogcmd.a $(POSTHOUSE_LIBS)
