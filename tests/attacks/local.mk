# SPDX-License-Identifier: Apache-2.0
# QF-01, QF-03: damaged and forged queue files through the commands that read them.
UNIT_TESTS += tests/attacks/queue_file_mutants_test
tests_attacks_queue_file_mutants_test_LDADD = tools/postqueue/libpostqueue.a \
	tools/postcat/libpostcat.a $(UNIT_LIBS)
tests_attacks_queue_file_mutants_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/attacks/queue_file_mutants_test.cc
