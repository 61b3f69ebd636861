# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += cleanup/libcleanup.a
cleanup_libcleanup_a_SOURCES = \
	cleanup/addressing.cc cleanup/addressing.h \
	cleanup/characters.cc cleanup/characters.h \
	cleanup/content_checks.cc cleanup/content_checks.h \
	cleanup/committer.cc cleanup/committer.h \
	cleanup/envelope_builder.cc cleanup/envelope_builder.h \
	cleanup/failure.h \
	cleanup/header_rules.cc cleanup/header_rules.h \
	cleanup/incoming.cc cleanup/incoming.h \
	cleanup/program.cc cleanup/program.h \
	cleanup/qmgr_news.cc cleanup/qmgr_news.h \
	cleanup/session.cc cleanup/session.h
daemon_PROGRAMS += cleanup/cleanup
cleanup_cleanup_SOURCES = cleanup/main.cc
cleanup_cleanup_LDADD = cleanup/libcleanup.a $(POSTHOUSE_LIBS)
