# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += bounce/libbounce.a
bounce_libbounce_a_SOURCES = \
	bounce/notice.cc bounce/notice.h \
	bounce/original.cc bounce/original.h \
	bounce/server.cc bounce/server.h \
	bounce/sink.cc bounce/sink.h
daemon_PROGRAMS += bounce/bounce
bounce_bounce_SOURCES = bounce/main.cc
bounce_bounce_LDADD = bounce/libbounce.a $(POSTHOUSE_LIBS)
