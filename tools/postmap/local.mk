# SPDX-License-Identifier: Apache-2.0
# postalias is the same program by another name.
noinst_LIBRARIES += tools/postmap/libpostmap.a
tools_postmap_libpostmap_a_SOURCES = \
	tools/postmap/build.cc tools/postmap/build.h \
	tools/postmap/command.cc tools/postmap/command.h \
	tools/postmap/input.cc tools/postmap/input.h \
	tools/postmap/options.cc tools/postmap/options.h \
	tools/postmap/query.cc tools/postmap/query.h \
	tools/postmap/source.cc tools/postmap/source.h
command_PROGRAMS += tools/postmap/postmap tools/postmap/postalias
tools_postmap_postmap_SOURCES = tools/postmap/main.cc
tools_postmap_postmap_LDADD = tools/postmap/libpostmap.a $(POSTHOUSE_LIBS)
tools_postmap_postalias_SOURCES = tools/postmap/main.cc
tools_postmap_postalias_LDADD = tools/postmap/libpostmap.a $(POSTHOUSE_LIBS)
