# SPDX-License-Identifier: Apache-2.0
# The Debian package. "make deb" packs what this build folder holds; a builder's machine runs
# dpkg-buildpackage on the tarball of "make dist" instead.
.PHONY: deb deb-if-possible check-package
deb: all
	@rm -rf deb && $(MKDIR_P) deb/source
	@cp -R '$(srcdir)/debian' '$(srcdir)/README.md' '$(srcdir)/ARCHITECTURE.md' '$(srcdir)/conf' deb/source
	@cd deb/source && MAKEFLAGS= DEB_BUILD_OPTIONS=noautodbgsym POSTHOUSE_BUILT='$(abs_builddir)' dpkg-buildpackage -d -b -us -uc \
	    >../deb.log 2>&1 || { tail -n 40 ../deb.log; exit 1; }
	@ls deb/*.deb

# For tests, which say so when there is no package.
deb-if-possible:
	@if command -v dh_apparmor >/dev/null && command -v dpkg-buildpackage >/dev/null; then \
	    $(MAKE) -s deb; fi

# The whole life of an installation, in a Debian of its own, without and with systemd; as root.
check-package: deb
	@for name in package systemd; do \
	    SRCDIR='$(abs_top_srcdir)' BUILDDIR='$(abs_top_builddir)' \
	        $(PYTHON3) -B '$(srcdir)/tests/live/'$${name}_test.py || test $$? = 77 || exit 1; done

# All that git knows, so that nothing is missing; a tarball carries its own list.
dist-hook:
	@cd '$(srcdir)' && if test -e .git; then git ls-files; else cat .dist-files; fi \
	    >'$(abs_builddir)/dist-files.tmp'
	@cd '$(srcdir)' && tar cf - -T '$(abs_builddir)/dist-files.tmp' | \
	    (cd '$(abs_builddir)/$(distdir)' && chmod -R u+w . && tar xf -)
	@mv dist-files.tmp '$(distdir)/.dist-files'
