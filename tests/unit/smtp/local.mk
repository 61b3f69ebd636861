# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/smtp/client_test
tests_unit_smtp_client_test_LDADD = $(UNIT_LIBS)
tests_unit_smtp_client_test_SOURCES = \
	tests/unit/smtp/client_delivery_test.cc \
	tests/unit/smtp/client_outcome_test.cc \
	tests/unit/smtp/client_parts_test.cc \
	tests/unit/smtp/client_record_test.cc \
	tests/unit/smtp/client_script.cc tests/unit/smtp/client_script.h \
	tests/unit/smtp/client_session_test.cc \
	tests/unit/smtp/client_wire_test.cc

UNIT_TESTS += tests/unit/smtp/client_allocations_test
tests_unit_smtp_client_allocations_test_LDADD = $(UNIT_LIBS)
tests_unit_smtp_client_allocations_test_SOURCES = tests/unit/smtp/client_allocations_test.cc

UNIT_TESTS += tests/unit/smtp/smtp_test
tests_unit_smtp_smtp_test_LDADD = $(UNIT_LIBS)
tests_unit_smtp_smtp_test_SOURCES = \
	tests/unit/smtp/command_line_test.cc \
	tests/unit/smtp/reject_footer_test.cc \
	tests/unit/smtp/random_walk_test.cc \
	tests/unit/smtp/server_session_test.cc \
	tests/unit/smtp/smuggling_test.cc
