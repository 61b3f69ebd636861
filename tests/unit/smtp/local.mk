# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/smtp/smtp_test
tests_unit_smtp_smtp_test_LDADD = $(UNIT_LIBS)
tests_unit_smtp_smtp_test_SOURCES = \
	tests/unit/smtp/random_walk_test.cc \
	tests/unit/smtp/server_session_test.cc \
	tests/unit/smtp/smuggling_test.cc
