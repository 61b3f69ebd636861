# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += cleanup/libcleanup.a
cleanup_libcleanup_a_SOURCES = \
	cleanup/committer.cc cleanup/committer.h \
	cleanup/header_rules.cc cleanup/header_rules.h \
	cleanup/qmgr_news.cc cleanup/qmgr_news.h \
	cleanup/session.cc cleanup/session.h
daemon_PROGRAMS += cleanup/cleanup
cleanup_cleanup_SOURCES = cleanup/main.cc
cleanup_cleanup_LDADD = cleanup/libcleanup.a $(POSTHOUSE_LIBS)
