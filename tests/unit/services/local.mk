# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/services/showq_test
tests_unit_services_showq_test_LDADD = services/showq/libshowq.a $(UNIT_LIBS)
tests_unit_services_showq_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/unit/services/showq_test.cc
UNIT_TESTS += tests/unit/services/proxymap_test
tests_unit_services_proxymap_test_LDADD = services/proxymap/libproxymap.a $(UNIT_LIBS)
tests_unit_services_proxymap_test_SOURCES = tests/unit/services/proxymap_test.cc
UNIT_TESTS += tests/unit/services/postlog_test
tests_unit_services_postlog_test_LDADD = services/postlog/libpostlog.a $(UNIT_LIBS)
tests_unit_services_postlog_test_SOURCES = tests/unit/services/collector_test.cc
UNIT_TESTS += tests/unit/services/resolver_test
tests_unit_services_resolver_test_LDADD = services/resolver/libresolver.a $(UNIT_LIBS) $(UNBOUND_LIBS)
tests_unit_services_resolver_test_SOURCES = \
	tests/unit/services/resolver/dns_answer_test.cc \
	tests/unit/services/resolver/packet.h \
	tests/unit/services/resolver/server_test.cc
UNIT_TESTS += tests/unit/services/anvil_test
tests_unit_services_anvil_test_LDADD = services/anvil/libanvil.a $(UNIT_LIBS)
tests_unit_services_anvil_test_SOURCES = tests/unit/services/anvil_test.cc
UNIT_TESTS += tests/unit/services/failures_test
tests_unit_services_failures_test_LDADD = services/failures/libfailures.a $(UNIT_LIBS)
tests_unit_services_failures_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/unit/services/failures/ledger_test.cc \
	tests/unit/services/failures/store_test.cc
