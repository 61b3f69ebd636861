# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postfix/libpostfixcmd.a
tools_postfix_libpostfixcmd_a_SOURCES = \
	tools/postfix/check.cc tools/postfix/check.h \
	tools/postfix/commands.cc tools/postfix/commands.h \
	tools/postfix/logrotate.cc tools/postfix/logrotate.h \
	tools/postfix/post_install.cc tools/postfix/post_install.h \
	tools/postfix/running.cc tools/postfix/running.h \
	tools/postfix/trees.cc tools/postfix/trees.h \
	tools/postfix/spool/command.cc tools/postfix/spool/command.h \
	tools/postfix/spool/delivery_log.cc tools/postfix/spool/delivery_log.h \
	tools/postfix/spool/importer.cc tools/postfix/spool/importer.h \
	tools/postfix/spool/message.cc tools/postfix/spool/message.h \
	tools/postfix/spool/record.cc tools/postfix/spool/record.h
command_PROGRAMS += tools/postfix/postfix
tools_postfix_postfix_SOURCES = tools/postfix/main.cc
tools_postfix_postfix_LDADD = tools/postfix/libpostfixcmd.a tools/bounces/libbounces.a tools/doctor/libdoctor.a $(POSTHOUSE_LIBS)

# What packages and other programs call by Postfix's names.
dist_command_SCRIPTS += tools/postfix/postmulti
packagescriptdir = @daemon_directory@
dist_packagescript_SCRIPTS = tools/postfix/post-install tools/postfix/postfix-script
