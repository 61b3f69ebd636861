# SPDX-License-Identifier: Apache-2.0
command_PROGRAMS += tools/postconf/postconf
tools_postconf_postconf_LDADD = $(POSTHOUSE_LIBS)
tools_postconf_postconf_SOURCES = \
	tools/postconf/commands.cc tools/postconf/commands.h \
	tools/postconf/edit.cc \
	tools/postconf/main.cc \
	tools/postconf/manual.cc \
	tools/postconf/notices.cc \
	tools/postconf/options.cc tools/postconf/options.h \
	tools/postconf/output.cc tools/postconf/output.h \
	tools/postconf/parameters.cc \
	tools/postconf/request.cc tools/postconf/request.h \
	tools/postconf/services.cc
