# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/delivery/delivery_test
tests_unit_delivery_delivery_test_LDADD = $(UNIT_LIBS)
tests_unit_delivery_delivery_test_SOURCES = \
	tests/unit/delivery/agent_test.cc \
	tests/unit/delivery/child_fixture.h \
	tests/unit/delivery/child_test.cc \
	tests/unit/delivery/command_test.cc \
	tests/unit/delivery/delivered_to_test.cc \
	tests/unit/delivery/destination_test.cc \
	tests/unit/delivery/fixture.h \
	tests/unit/delivery/hosts_test.cc \
	tests/unit/delivery/local_text_test.cc \
	tests/unit/delivery/mailbox_test.cc \
	tests/unit/delivery/outgoing_checks_test.cc \
	tests/unit/delivery/postmaster_test.cc \
	tests/unit/delivery/process_test.cc \
	tests/unit/delivery/smtp_agent_test.cc \
	tests/unit/delivery/smtp_settings_test.cc \
	tests/unit/delivery/status_filter_test.cc
