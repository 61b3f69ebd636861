# SPDX-License-Identifier: Apache-2.0
# `make bench`: our relay beside Debian's Postfix. BENCH="small --rounds 1" narrows it.
EXTRA_DIST += bench/instance bench/relaybench bench/meter.py
BENCH =

.PHONY: bench
bench: stage
	SRCDIR='$(abs_top_srcdir)' BUILDDIR='$(abs_top_builddir)' '$(srcdir)/bench/relaybench' $(BENCH)
