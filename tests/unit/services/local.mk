# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/services/proxymap_test
tests_unit_services_proxymap_test_LDADD = services/proxymap/libproxymap.a $(UNIT_LIBS)
tests_unit_services_proxymap_test_SOURCES = tests/unit/services/proxymap_test.cc
