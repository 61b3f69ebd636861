# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/smtp/libsmtp.a
lib_smtp_libsmtp_a_SOURCES = \
	lib/smtp/client_capabilities.cc lib/smtp/client_capabilities.h \
	lib/smtp/client_commands.cc lib/smtp/client_commands.h \
	lib/smtp/client_content.cc lib/smtp/client_content.h \
	lib/smtp/client_delivery.cc lib/smtp/client_delivery.h \
	lib/smtp/client_outcome.cc lib/smtp/client_outcome.h \
	lib/smtp/client_record.cc lib/smtp/client_record.h \
	lib/smtp/client_session.cc lib/smtp/client_session.h \
	lib/smtp/client_settings.cc lib/smtp/client_settings.h \
	lib/smtp/client_transport.h \
	lib/smtp/client_wire.cc lib/smtp/client_wire.h \
	lib/smtp/collaborators.h \
	lib/smtp/command_line.cc lib/smtp/command_line.h \
	lib/smtp/content_scanner.cc lib/smtp/content_scanner.h \
	lib/smtp/reject_footer.cc lib/smtp/reject_footer.h \
	lib/smtp/reply.cc lib/smtp/reply.h \
	lib/smtp/reply_parser.cc lib/smtp/reply_parser.h \
	lib/smtp/server_data.cc \
	lib/smtp/server_log.cc \
	lib/smtp/server_mail.cc \
	lib/smtp/server_session.cc lib/smtp/server_session.h \
	lib/smtp/server_session_private.h \
	lib/smtp/server_settings.h \
	lib/smtp/server_verbs.cc
