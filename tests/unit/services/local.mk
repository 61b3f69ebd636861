# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/services/resolver_test
tests_unit_services_resolver_test_LDADD = services/resolver/libresolver.a $(UNIT_LIBS) $(UNBOUND_LIBS)
tests_unit_services_resolver_test_SOURCES = \
	tests/unit/services/resolver/dns_answer_test.cc \
	tests/unit/services/resolver/packet.h \
	tests/unit/services/resolver/server_test.cc
