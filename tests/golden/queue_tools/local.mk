# SPDX-License-Identifier: Apache-2.0
# The commands of the queue on a queue directory of known messages: one file per scenario.
UNIT_TESTS += tests/golden/queue_tools/queue_tools_test
tests_golden_queue_tools_queue_tools_test_LDADD = $(UNIT_LIBS)
tests_golden_queue_tools_queue_tools_test_SOURCES = tests/golden/queue_tools/queue_tools_test.cc
EXTRA_tests_golden_queue_tools_queue_tools_test_DEPENDENCIES = \
	tools/postqueue/postqueue$(EXEEXT) tools/postsuper/postsuper$(EXEEXT) \
	tools/postcat/postcat$(EXEEXT) services/showq/showq$(EXEEXT)
EXTRA_DIST += tests/golden/queue_tools/cases
