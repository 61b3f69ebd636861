# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/qmgr/qmgr_test
tests_unit_qmgr_qmgr_test_LDADD = qmgr/libqmgr.a $(UNIT_LIBS)
tests_unit_qmgr_qmgr_test_SOURCES = \
	tests/unit/qmgr/agents_test.cc tests/unit/qmgr/catalog_test.cc \
	tests/unit/qmgr/failure_reports_test.cc \
	tests/unit/qmgr/content_filter_test.cc \
	tests/unit/qmgr/fixture.h tests/unit/qmgr/manager_speed_test.cc \
	tests/unit/qmgr/manager_fixture.cc tests/unit/qmgr/manager_fixture.h \
	tests/unit/qmgr/manager_notices_test.cc \
	tests/unit/qmgr/manager_test.cc tests/unit/qmgr/manager_commands_test.cc \
	tests/unit/qmgr/manager_questions_test.cc \
	tests/unit/queue/fault_disk.cc \
	tests/unit/qmgr/retry_test.cc \
	tests/unit/qmgr/scheduler_dead_test.cc \
	tests/unit/qmgr/scheduler_order_test.cc \
	tests/unit/qmgr/scheduler_random_test.cc \
	tests/unit/qmgr/scheduler_storm_test.cc \
	tests/unit/qmgr/scheduler_test.cc \
	tests/unit/qmgr/share_test.cc \
	tests/unit/qmgr/window_test.cc
