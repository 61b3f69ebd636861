# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/route/route_test
tests_unit_route_route_test_LDADD = $(UNIT_LIBS)
tests_unit_route_route_test_SOURCES = \
	tests/unit/route/address_map_test.cc \
	tests/unit/route/address_literal_test.cc \
	tests/unit/route/recipient_check_test.cc \
	tests/unit/route/rewriter_test.cc \
	tests/unit/route/router_test.cc \
	tests/unit/route/site.h
