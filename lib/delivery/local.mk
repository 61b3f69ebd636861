# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/delivery/libdelivery.a
lib_delivery_libdelivery_a_SOURCES = \
	lib/delivery/agent.cc lib/delivery/agent.h \
	lib/delivery/connections.cc lib/delivery/connections.h \
	lib/delivery/content.cc lib/delivery/content.h \
	lib/delivery/destination.cc lib/delivery/destination.h \
	lib/delivery/hosts.cc lib/delivery/hosts.h \
	lib/delivery/resolver.cc lib/delivery/resolver.h \
	lib/delivery/smtp_agent.cc lib/delivery/smtp_agent.h \
	lib/delivery/smtp_attempt.cc lib/delivery/smtp_attempt.h \
	lib/delivery/smtp_settings.cc lib/delivery/smtp_settings.h \
	lib/delivery/status_text.cc lib/delivery/status_text.h \
	lib/delivery/text_agent.cc lib/delivery/text_agent.h \
	lib/delivery/transport.cc lib/delivery/transport.h
