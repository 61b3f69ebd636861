# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postsuper/libpostsuper.a
tools_postsuper_libpostsuper_a_SOURCES = \
	tools/postsuper/actions.cc tools/postsuper/actions.h \
	tools/postsuper/changer.cc tools/postsuper/changer.h \
	tools/postsuper/options.cc tools/postsuper/options.h \
	tools/postsuper/redirect.cc tools/postsuper/redirect.h \
	tools/postsuper/run.cc tools/postsuper/run.h \
	tools/postsuper/structure.cc tools/postsuper/structure.h
command_PROGRAMS += tools/postsuper/postsuper
tools_postsuper_postsuper_SOURCES = tools/postsuper/main.cc
tools_postsuper_postsuper_LDADD = tools/postsuper/libpostsuper.a $(POSTHOUSE_LIBS)
