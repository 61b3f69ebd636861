# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += tests/unit/service/echo
tests_unit_service_echo_SOURCES = tests/unit/service/echo_daemon.cc
tests_unit_service_echo_LDADD = $(POSTHOUSE_LIBS)
UNIT_TESTS += tests/unit/service/command_test
tests_unit_service_command_test_LDADD = $(UNIT_LIBS)
tests_unit_service_command_test_SOURCES = tests/unit/service/command_test.cc
UNIT_TESTS += tests/unit/service/service_test
tests_unit_service_service_test_LDADD = $(UNIT_LIBS)
tests_unit_service_service_test_SOURCES = \
	tests/unit/service/log_setup_test.cc \
	tests/unit/service/options_test.cc \
	tests/unit/service/sandbox_test.cc \
	tests/unit/service/program_test.cc
