# SPDX-License-Identifier: Apache-2.0
dist_man_MANS += man/postconf.1 man/postconf.5 man/qmgr.8 man/resolver.8

# Writes what the declared parameters say into the pages; make check fails when that is stale.
.PHONY: man
man: tools/postconf/postconf$(EXEEXT)
	SRCDIR='$(srcdir)' BUILDDIR='$(builddir)' '$(srcdir)/tools/dev/manual' write
TESTS += tools/dev/manual
EXTRA_DIST += tools/dev/manual
