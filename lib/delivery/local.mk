# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/delivery/libdelivery.a
lib_delivery_libdelivery_a_SOURCES = \
	lib/delivery/agent.cc lib/delivery/agent.h \
	lib/delivery/child.cc lib/delivery/child.h \
	lib/delivery/command.cc lib/delivery/command.h \
	lib/delivery/command_outcome.cc \
	lib/delivery/connections.cc lib/delivery/connections.h \
	lib/delivery/content.cc lib/delivery/content.h \
	lib/delivery/destination.cc lib/delivery/destination.h \
	lib/delivery/hosts.cc lib/delivery/hosts.h \
	lib/delivery/local_text.cc lib/delivery/local_text.h \
	lib/delivery/mailbox_lock.cc lib/delivery/mailbox_lock.h \
	lib/delivery/maildir.cc lib/delivery/maildir.h \
	lib/delivery/mbox.cc lib/delivery/mbox.h \
	lib/delivery/outcomes.cc lib/delivery/outcomes.h \
	lib/delivery/process.cc lib/delivery/process.h \
	lib/delivery/resolver.cc lib/delivery/resolver.h \
	lib/delivery/rights.cc lib/delivery/rights.h \
	lib/delivery/safe_file.cc lib/delivery/safe_file.h \
	lib/delivery/smtp_agent.cc lib/delivery/smtp_agent.h \
	lib/delivery/smtp_attempt.cc lib/delivery/smtp_attempt.h \
	lib/delivery/smtp_settings.cc lib/delivery/smtp_settings.h \
	lib/delivery/status_text.cc lib/delivery/status_text.h \
	lib/delivery/table_watch.cc lib/delivery/table_watch.h \
	lib/delivery/text_agent.cc lib/delivery/text_agent.h \
	lib/delivery/transport.cc lib/delivery/transport.h \
	lib/delivery/user.cc lib/delivery/user.h
