# SPDX-License-Identifier: Apache-2.0
dist_man_MANS += man/smtp.8 man/lmtp.8 man/bounce.8 man/error.8 man/discard.8 man/bounce.5
dist_man_MANS += man/anvil.8 man/cleanup.8 man/postconf.1 man/postconf.5
dist_man_MANS += man/master.5 man/master.8 man/postfix.1 man/postlog.1 man/postlogd.8
dist_man_MANS += man/failure_classes.5 man/failures.8
dist_man_MANS += man/postcat.1 man/postqueue.1 man/postsuper.1 man/showq.8

dist_man_MANS += man/access.5 man/header_checks.5 man/smtpd.8
dist_man_MANS += man/qmgr.8 man/resolver.8
dist_man_MANS += man/virtual.8
dist_man_MANS += man/local.8 man/aliases.5
dist_man_MANS += man/pipe.8
dist_man_MANS += man/drop.8 man/postbadmail.1

# Writes what the declared parameters say into the pages; make check fails when that is stale.
.PHONY: man
man: tools/postconf/postconf$(EXEEXT)
	SRCDIR='$(srcdir)' BUILDDIR='$(builddir)' '$(srcdir)/tools/dev/manual' write
TESTS += tools/dev/manual
EXTRA_DIST += tools/dev/manual
dist_man_MANS += man/postmap.1 man/postalias.1 man/lookup_tables.5 man/regexp_table.5 \
	man/pcre_table.5 man/cidr_table.5 man/database_tables.5 man/proxymap.8
dist_man_MANS += man/postmulti.1
dist_man_MANS += man/sendmail.1 man/mailq.1 man/newaliases.1 man/postdrop.1 man/pickup.8
dist_man_MANS += man/qshape.1 man/postkick.1 man/postlock.1
dist_man_MANS += man/ldap_table.5 man/mysql_table.5 man/pgsql_table.5 man/sqlite_table.5
dist_man_MANS += man/canonical.5 man/relocated.5 man/transport.5 man/virtual.5
dist_man_MANS += man/body_checks.5 man/defer.8 man/trace.8
