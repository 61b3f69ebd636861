# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postlock/libpostlock.a
tools_postlock_libpostlock_a_SOURCES = tools/postlock/run.cc tools/postlock/run.h
command_PROGRAMS += tools/postlock/postlock
tools_postlock_postlock_SOURCES = tools/postlock/main.cc
tools_postlock_postlock_LDADD = tools/postlock/libpostlock.a $(POSTHOUSE_LIBS)
