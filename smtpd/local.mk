# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += smtpd/libsmtpd.a
smtpd_libsmtpd_a_SOURCES = \
	smtpd/cleanup_sink.cc smtpd/cleanup_sink.h \
	smtpd/client_limits.cc smtpd/client_limits.h \
	smtpd/command_lists.cc smtpd/command_lists.h \
	smtpd/driver.cc smtpd/driver.h \
	smtpd/local_dialogue.cc smtpd/local_dialogue.h \
	smtpd/peer.cc smtpd/peer.h \
	smtpd/policy/access.cc \
	smtpd/policy/access_result.cc smtpd/policy/access_result.h \
	smtpd/policy/addresses.cc \
	smtpd/policy/checks.cc smtpd/policy/checks.h \
	smtpd/policy/client.cc \
	smtpd/policy/engine.cc smtpd/policy/engine.h \
	smtpd/policy/general.cc \
	smtpd/policy/helo.cc \
	smtpd/policy/stages.cc \
	smtpd/reject_footer.cc smtpd/reject_footer.h \
	smtpd/resolver_world.cc smtpd/resolver_world.h \
	smtpd/rewrite_clients.cc smtpd/rewrite_clients.h \
	smtpd/server.cc smtpd/server.h \
	smtpd/session_policy.cc smtpd/session_policy.h \
	smtpd/settings.cc smtpd/settings.h \
	smtpd/session_record.cc smtpd/session_record.h \
	smtpd/site_flusher.cc smtpd/site_flusher.h \
	smtpd/stdio.cc smtpd/stdio.h
daemon_PROGRAMS += smtpd/smtpd
smtpd_smtpd_SOURCES = smtpd/main.cc
smtpd_smtpd_LDADD = smtpd/libsmtpd.a $(POSTHOUSE_LIBS)
