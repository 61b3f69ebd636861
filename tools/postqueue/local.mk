# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postqueue/libpostqueue.a
tools_postqueue_libpostqueue_a_SOURCES = \
	tools/postqueue/advice.cc tools/postqueue/advice.h \
	tools/postqueue/ask.cc tools/postqueue/ask.h \
	tools/postqueue/flush.cc \
	tools/postqueue/found.cc \
	tools/postqueue/format.cc tools/postqueue/format.h \
	tools/postqueue/options.cc tools/postqueue/options.h \
	tools/postqueue/run.cc tools/postqueue/run.h \
	tools/postqueue/show.cc \
	tools/postqueue/why.cc tools/postqueue/why_page.cc tools/postqueue/why_page.h
command_PROGRAMS += tools/postqueue/postqueue
tools_postqueue_postqueue_SOURCES = tools/postqueue/main.cc
tools_postqueue_postqueue_LDADD = tools/postqueue/libpostqueue.a $(POSTHOUSE_LIBS)
