# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/bounce/bounce_test
tests_unit_bounce_bounce_test_LDADD = bounce/libbounce.a $(UNIT_LIBS)
tests_unit_bounce_bounce_test_SOURCES = tests/unit/bounce/server_test.cc
