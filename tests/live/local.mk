# SPDX-License-Identifier: Apache-2.0
# Live tests: a Python unittest file each, that starts private instances by harness.py. They use the
# staged tree; what a machine cannot run is skipped with the reason. A new test is a file and a line.
LIVE_TESTS =
LIVE_TESTS += tests/live/fakes_test.py
LIVE_TESTS += tests/live/harness_test.py
LIVE_TESTS += tests/live/resolver_test.py
TESTS += $(LIVE_TESTS)
$(LIVE_TESTS:.py=.log): stage
EXTRA_DIST += $(LIVE_TESTS) tests/live/harness.py tests/live/ports.py tests/live/smtp_sink.py \
	tests/live/lmtp_store.py tests/live/nameserver.py tests/live/dovecot.py tests/live/peers.py
dist_check_SCRIPTS += tests/live/master_test.py
TESTS += tests/live/master_test.py
# Real mail, real clients, real mail systems. The corpus comes by npm; all of it: make check-corpus.
LIVE_TESTS += tests/live/idle_test.py tests/live/log_lines_test.py tests/live/corpus_test.py tests/live/clients_test.py \
	tests/live/exchange_test.py
EXTRA_DIST += tests/live/corpus.py tests/live/log_lines.py tests/live/tap.py tools/dev/fetch-corpus

.PHONY: check-corpus
check-corpus: stage
	SRCDIR='$(abs_top_srcdir)' BUILDDIR='$(abs_top_builddir)' CORPUS=all \
	    $(PYTHON3) -B '$(srcdir)/tests/live/corpus_test.py'
