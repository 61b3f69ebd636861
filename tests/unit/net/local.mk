# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/net/net_test
tests_unit_net_net_test_LDADD = $(UNIT_LIBS)
tests_unit_net_net_test_SOURCES = \
	tests/unit/net/address_test.cc \
	tests/unit/net/socket_test.cc \
	tests/unit/net/stream_test.cc
