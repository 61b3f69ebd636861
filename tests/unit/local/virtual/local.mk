# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/local/virtual/virtual_test
tests_unit_local_virtual_virtual_test_LDADD = local/virtual/libvirtual.a $(UNIT_LIBS)
tests_unit_local_virtual_virtual_test_SOURCES = \
	tests/unit/delivery/child_fixture.h \
	tests/unit/local/virtual/mailbox_map_test.cc \
	tests/unit/local/virtual/virtual_agent_test.cc
