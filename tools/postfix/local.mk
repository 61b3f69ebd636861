# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postfix/libpostfixcmd.a
tools_postfix_libpostfixcmd_a_SOURCES = \
	tools/postfix/check.cc tools/postfix/check.h \
	tools/postfix/commands.cc tools/postfix/commands.h \
	tools/postfix/logrotate.cc tools/postfix/logrotate.h \
	tools/postfix/running.cc tools/postfix/running.h
command_PROGRAMS += tools/postfix/postfix
tools_postfix_postfix_SOURCES = tools/postfix/main.cc
tools_postfix_postfix_LDADD = tools/postfix/libpostfixcmd.a tools/doctor/libdoctor.a $(POSTHOUSE_LIBS)
