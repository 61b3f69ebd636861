# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/tools/postmap_test
tests_unit_tools_postmap_test_LDADD = tools/postmap/libpostmap.a $(UNIT_LIBS)
tests_unit_tools_postmap_test_SOURCES = tests/unit/tools/postmap_test.cc
