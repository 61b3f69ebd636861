# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postcat/libpostcat.a
tools_postcat_libpostcat_a_SOURCES = \
	tools/postcat/cat.cc tools/postcat/cat.h \
	tools/postcat/options.cc tools/postcat/options.h \
	tools/postcat/output.cc tools/postcat/output.h \
	tools/postcat/run.cc tools/postcat/run.h
command_PROGRAMS += tools/postcat/postcat
tools_postcat_postcat_SOURCES = tools/postcat/main.cc
tools_postcat_postcat_LDADD = tools/postcat/libpostcat.a $(POSTHOUSE_LIBS)
