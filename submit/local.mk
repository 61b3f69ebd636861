# SPDX-License-Identifier: Apache-2.0
# Local submission. Each program is a library and a main, so that tests reach its parts.
noinst_LIBRARIES += submit/libsendmail.a submit/libpostdrop.a submit/libpickup.a
submit_libsendmail_a_SOURCES = \
	submit/sendmail/content.cc submit/sendmail/content.h \
	submit/sendmail/options.cc submit/sendmail/options.h \
	submit/sendmail/recipients.cc submit/sendmail/recipients.h \
	submit/sendmail/run.cc submit/sendmail/run.h \
	submit/sendmail/sender.cc submit/sendmail/sender.h \
	submit/sendmail/submission.cc submit/sendmail/submission.h
command_PROGRAMS += submit/sendmail/sendmail
submit_sendmail_sendmail_SOURCES = submit/sendmail/main.cc
submit_sendmail_sendmail_LDADD = submit/libsendmail.a $(POSTHOUSE_LIBS)

submit_libpostdrop_a_SOURCES = \
	submit/postdrop/drop.cc submit/postdrop/drop.h \
	submit/postdrop/input.cc submit/postdrop/input.h \
	submit/postdrop/options.cc submit/postdrop/options.h \
	submit/postdrop/run.cc submit/postdrop/run.h \
	submit/postdrop/sender_rule.cc submit/postdrop/sender_rule.h
command_PROGRAMS += submit/postdrop/postdrop
submit_postdrop_postdrop_SOURCES = submit/postdrop/main.cc
submit_postdrop_postdrop_LDADD = submit/libpostdrop.a $(POSTHOUSE_LIBS)

submit_libpickup_a_SOURCES = \
	submit/pickup/carrier.cc submit/pickup/carrier.h \
	submit/pickup/maildrop_file.cc submit/pickup/maildrop_file.h \
	submit/pickup/scanner.cc submit/pickup/scanner.h
daemon_PROGRAMS += submit/pickup/pickup
submit_pickup_pickup_SOURCES = submit/pickup/main.cc
submit_pickup_pickup_LDADD = submit/libpickup.a $(POSTHOUSE_LIBS)

# Other names of sendmail, and the commands that anybody may call but that need the group's rights.
# Without root, or where that group is missing, install says so and goes on.
SENDMAIL_NAMES = @sendmail_path@ @mailq_path@ @newaliases_path@ /usr/lib/sendmail
SETGID_COMMANDS = postdrop postqueue
.PHONY: install-sendmail-names install-setgid
install-data-hook:
	@$(MAKE) -s install-sendmail-names install-setgid
install-sendmail-names:
	@for name in $(SENDMAIL_NAMES); do \
	    if test "$$name" = '$(commanddir)/sendmail'; then continue; fi; \
	    $(MKDIR_P) "$(DESTDIR)$$(dirname "$$name")" && \
	    ln -srfn '$(DESTDIR)$(commanddir)/sendmail' "$(DESTDIR)$$name" || exit 1; \
	done
install-setgid:
	@cd '$(DESTDIR)$(commanddir)' && for command in $(SETGID_COMMANDS); do \
	    if chgrp '@setgid_group@' "$$command" 2>/dev/null; then chmod 2755 "$$command" || exit 1; \
	    else echo "$$command: not set-gid @setgid_group@ (run postfix set-permissions as root)"; fi; \
	done
uninstall-hook:
	@for name in $(SENDMAIL_NAMES); do \
	    if test -L "$(DESTDIR)$$name"; then rm -f "$(DESTDIR)$$name"; fi; \
	done
