# SPDX-License-Identifier: Apache-2.0
# Known attacks by id, against a live instance, with the invariants of rig.py around each.
ATTACK_TESTS =
ATTACK_TESTS += tests/attacks/smuggling_test.py
ATTACK_TESTS += tests/attacks/commands_test.py
ATTACK_TESTS += tests/attacks/addresses_test.py
ATTACK_TESTS += tests/attacks/content_test.py
ATTACK_TESTS += tests/attacks/dns_test.py
ATTACK_TESTS += tests/attacks/agents_test.py
ATTACK_TESTS += tests/attacks/jail_test.py
ATTACK_TESTS += tests/attacks/local_test.py
ATTACK_TESTS += tests/attacks/local_disk_test.py
ATTACK_TESTS += tests/attacks/bounces_test.py
ATTACK_TESTS += tests/attacks/log_test.py
ATTACK_TESTS += tests/attacks/submission_test.py
ATTACK_TESTS += tests/attacks/privileges_test.py
ATTACK_TESTS += tests/attacks/queue_tools_test.py
TESTS += $(ATTACK_TESTS)
$(ATTACK_TESTS:.py=.log): stage
EXTRA_DIST += $(ATTACK_TESTS) tests/attacks/rig.py tests/attacks/hostile_dns.py \
	tests/attacks/swappers.py

# QF-01, QF-03: damaged and forged queue files through the commands that read them.
UNIT_TESTS += tests/attacks/queue_file_mutants_test
tests_attacks_queue_file_mutants_test_LDADD = tools/postqueue/libpostqueue.a \
	tools/postcat/libpostcat.a $(UNIT_LIBS)
tests_attacks_queue_file_mutants_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/attacks/queue_file_mutants_test.cc

check_PROGRAMS += tests/attacks/attacker
tests_attacks_attacker_SOURCES = tests/attacks/attacker.cc
tests_attacks_attacker_LDADD = lib/base/libbase.a
tests/attacks/local_test.log tests/attacks/submission_test.log: tests/attacks/attacker
if !SANITIZERS
tests/attacks/privileges_test.log: deb-if-possible
endif

# LOC-02, PD-05 and PD-06 in the size of the catalogue: 10,000 deliveries to a mailbox that is
# swapped, 100,000 runs of postdrop that get signals, 110,000 files in maildrop. Minutes.
.PHONY: check-attacks-full
check-attacks-full: stage
	SCALE=full $(MAKE) check-TESTS TESTS='tests/attacks/local_test.py tests/attacks/submission_test.py'
