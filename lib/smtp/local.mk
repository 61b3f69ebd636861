# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/smtp/libsmtp.a
lib_smtp_libsmtp_a_SOURCES = \
	lib/smtp/collaborators.h \
	lib/smtp/command_line.cc lib/smtp/command_line.h \
	lib/smtp/content_scanner.cc lib/smtp/content_scanner.h \
	lib/smtp/reply.cc lib/smtp/reply.h \
	lib/smtp/server_data.cc \
	lib/smtp/server_log.cc \
	lib/smtp/server_mail.cc \
	lib/smtp/server_session.cc lib/smtp/server_session.h \
	lib/smtp/server_session_private.h \
	lib/smtp/server_settings.h \
	lib/smtp/server_verbs.cc
