# SPDX-License-Identifier: Apache-2.0
# The day's commands; HACKING.md says when to use which.
EXTRA_DIST += tools/dev/check-layers tools/dev/check-style tools/dev/sourcetree.py \
	tools/dev/cppshape.py tools/dev/coroutines.py tools/dev/budget tools/dev/fuzz tools/dev/sanitizer-reports tools/dev/tidy tools/dev/instance \
	tools/dev/install-packages tools/dev/packages.build tools/dev/packages.test \
	quickstart runtests README.md HACKING.md .clang-format .clang-tidy
STAGE = $(abs_top_builddir)/stage
FUZZ_SECONDS = 60

.PHONY: check-fast format asan tidy golden run fuzz stage

# Unit tests, layers and style: seconds, before each commit.
check-fast: config.h
	$(MAKE) $(UNIT_TESTS)
	$(MAKE) check-TESTS TESTS='$(UNIT_TESTS) $(DEV_CHECKS)'

# An installed tree below the build folder; live tests and private instances run from it.
stage: all
	@rm -rf '$(STAGE).new' && $(MKDIR_P) '$(STAGE).new'
	@$(MAKE) -s install DESTDIR='$(STAGE).new' >stage.log 2>&1 || { cat stage.log; exit 1; }
	@rm -rf '$(STAGE)' && mv '$(STAGE).new' '$(STAGE)'

format:
	cd '$(srcdir)' && git ls-files --cached --others --exclude-standard '*.cc' '*.h' | \
	    xargs -r clang-format -i

asan:
	$(MKDIR_P) '$(abs_top_srcdir)/build-asan'
	cd '$(abs_top_srcdir)/build-asan' && { test -f Makefile || \
	    ../configure --enable-sanitizers CXX='$(CXX)' CXXFLAGS='-O1 -g'; } && \
	    $(MAKE) && rm -rf reports && $(MKDIR_P) -m 1777 reports && \
	    { $(MAKE) check; status=$$?; \
	      '$(abs_top_srcdir)/tools/dev/sanitizer-reports' reports && exit $$status; }

tidy:
	BUILDDIR='$(abs_top_builddir)' '$(srcdir)/tools/dev/tidy' '$(abs_top_srcdir)'

# Runs the tests that compare with golden files so that they rewrite them; review with git diff.
golden: all
	$(MAKE) $(check_PROGRAMS)
	GOLDEN_UPDATE=1 $(MAKE) check-TESTS TESTS='$(GOLDEN_TESTS) $(UNIT_TESTS)'

# A whole MTA in ./run: mail to anyone is delivered to run/mail, the log is on the screen.
run: stage
	'$(srcdir)/tools/dev/instance' run --build '$(abs_top_builddir)' '$(abs_top_srcdir)/run'

fuzz:
	'$(srcdir)/tools/dev/fuzz' '$(abs_top_srcdir)' '$(FUZZ_SECONDS)' $(FUZZ_TARGETS)
