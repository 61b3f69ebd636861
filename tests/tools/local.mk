# SPDX-License-Identifier: Apache-2.0
# Small programs that live tests use.
check_PROGRAMS += tests/tools/resolve
tests_tools_resolve_SOURCES = tests/tools/resolve.cc
tests_tools_resolve_LDADD = $(POSTHOUSE_LIBS)
