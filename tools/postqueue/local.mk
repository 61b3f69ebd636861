# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postqueue/libpostqueue.a
tools_postqueue_libpostqueue_a_SOURCES = \
	tools/postqueue/flush.cc \
	tools/postqueue/format.cc tools/postqueue/format.h \
	tools/postqueue/options.cc tools/postqueue/options.h \
	tools/postqueue/run.cc tools/postqueue/run.h \
	tools/postqueue/show.cc
command_PROGRAMS += tools/postqueue/postqueue
tools_postqueue_postqueue_SOURCES = tools/postqueue/main.cc
tools_postqueue_postqueue_LDADD = tools/postqueue/libpostqueue.a $(POSTHOUSE_LIBS)
