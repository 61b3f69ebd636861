# SPDX-License-Identifier: Apache-2.0
# The sample configuration is installed where there is none yet, and never over a person's own.
EXTRA_DIST += conf/main.cf conf/master.cf conf/tables

install-data-local: install-sample-configuration
.PHONY: install-sample-configuration
install-sample-configuration:
	$(MKDIR_P) '$(DESTDIR)$(configdir)'
	for file in main.cf master.cf; do \
	    test -e "$(DESTDIR)$(configdir)/$$file" || \
	        $(INSTALL_DATA) "$(srcdir)/conf/$$file" "$(DESTDIR)$(configdir)/$$file" || exit 1; \
	done
