# SPDX-License-Identifier: Apache-2.0
# Live tests: a Python unittest file each, that starts private instances by harness.py. They use the
# staged tree; what a machine cannot run is skipped with the reason. A new test is a file and a line.
LIVE_TESTS =
LIVE_TESTS += tests/live/fakes_test.py
LIVE_TESTS += tests/live/harness_test.py
LIVE_TESTS += tests/live/master_test.py
LIVE_TESTS += tests/live/resolver_test.py
LIVE_TESTS += tests/live/ldap_test.py
LIVE_TESTS += tests/live/mysql_test.py
LIVE_TESTS += tests/live/pgsql_test.py
LIVE_TESTS += tests/live/sqlite_test.py
LIVE_TESTS += tests/live/berkeley_test.py
LIVE_TESTS += tests/live/broken_config_test.py
LIVE_TESTS += tests/live/client_limits_test.py
LIVE_TESTS += tests/live/clients_test.py
LIVE_TESTS += tests/live/corpus_test.py
LIVE_TESTS += tests/live/dead_hosts_test.py
LIVE_TESTS += tests/live/dialogue_test.py
LIVE_TESTS += tests/live/doctor_test.py
LIVE_TESTS += tests/live/exchange_test.py
LIVE_TESTS += tests/live/failure_classes_test.py
LIVE_TESTS += tests/live/filters_test.py
LIVE_TESTS += tests/live/idle_sessions_test.py
LIVE_TESTS += tests/live/idle_test.py
LIVE_TESTS += tests/live/kills_test.py
LIVE_TESTS += tests/live/local_test.py
LIVE_TESTS += tests/live/log_lines_test.py
LIVE_TESTS += tests/live/log_readers_test.py
LIVE_TESTS += tests/live/mailman_test.py
LIVE_TESTS += tests/live/client_transcripts_test.py
LIVE_TESTS += tests/live/notices_test.py
LIVE_TESTS += tests/live/odd_messages_test.py
LIVE_TESTS += tests/live/drop_test.py
LIVE_TESTS += tests/live/outgoing_checks_test.py
LIVE_TESTS += tests/live/pipe_test.py
LIVE_TESTS += tests/live/queue_commands_test.py
LIVE_TESTS += tests/live/reply_footer_test.py
LIVE_TESTS += tests/live/requeue_test.py
LIVE_TESTS += tests/live/status_filter_test.py
LIVE_TESTS += tests/live/quickstart_test.py
LIVE_TESTS += tests/live/verp_test.py
LIVE_TESTS += tests/live/table_changes_test.py
LIVE_TESTS += tests/live/virtual_test.py
LIVE_TESTS += tests/live/deb_test.py
LIVE_TESTS += tests/live/package_test.py
LIVE_TESTS += tests/live/systemd_test.py
LIVE_TESTS += tests/live/submit_test.py
LIVE_TESTS += tests/live/callers_test.py
TESTS += $(LIVE_TESTS)
$(LIVE_TESTS:.py=.log): stage
if !SANITIZERS
tests/live/deb_test.log tests/live/package_test.log: deb-if-possible
endif
tests/live/deb_test.log tests/live/package_test.log tests/live/systemd_test.log: deb-if-possible
tests/live/dialogue_test.log: tests/dialogue/run_dialogue
tests/live/callers_test.log: tests/live/failing_disk.so
# Loaded into a program of somebody else: no sanitizers.
tests/live/failing_disk.so: tests/live/failing_disk.cc
	@$(MKDIR_P) tests/live
	$(AM_V_CXX)$(CXX) $(WARNING_CXXFLAGS) -std=c++20 -O1 -fPIC -shared -o $@ '$(srcdir)/tests/live/failing_disk.cc'
CLEANFILES += tests/live/failing_disk.so
EXTRA_DIST += $(LIVE_TESTS) \
	tests/live/corpus.py \
	tests/live/databases.py \
	tests/live/sql_case.py \
	tests/live/dovecot.py \
	tests/live/dsn.py \
	tests/live/failing_disk.cc \
	tests/live/guest.py \
	tests/live/harness.py \
	tests/live/host.py \
	tests/live/ledger.py \
	tests/live/lmtp_store.py \
	tests/live/local_case.py \
	tests/live/log_lines.py \
	tests/live/nameserver.py \
	tests/live/notice_rig.py \
	tests/live/package_test.py \
	tests/live/peers.py \
	tests/live/ports.py \
	tests/live/smtp_sink.py \
	tests/live/tap.py \
	tests/live/users.py \
	tools/dev/fetch-corpus

# Real messages come by npm: 300 of them in make check, all of them here.
.PHONY: check-corpus
check-corpus: stage
	CORPUS=all SRCDIR='$(abs_top_srcdir)' BUILDDIR='$(abs_top_builddir)' \
	    $(PYTHON3) -B '$(srcdir)/tests/live/corpus_test.py'

# The same in full size, minutes on a machine that does nothing else: 20,000 messages for dead hosts,
# 5,000 sessions, 30 kills.
SCALE_TESTS = tests/live/dead_hosts_test.py tests/live/idle_sessions_test.py tests/live/kills_test.py
.PHONY: check-scale
check-scale: stage
	SCALE=full $(MAKE) check-TESTS TESTS='$(SCALE_TESTS)'
