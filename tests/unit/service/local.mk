# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += tests/unit/service/echo
tests_unit_service_echo_SOURCES = tests/unit/service/echo_daemon.cc
tests_unit_service_echo_LDADD = $(POSTHOUSE_LIBS)
