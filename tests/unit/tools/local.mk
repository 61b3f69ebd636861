# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/tools/postmap_test
tests_unit_tools_postmap_test_LDADD = tools/postmap/libpostmap.a $(UNIT_LIBS)
tests_unit_tools_postmap_test_SOURCES = tests/unit/tools/postmap_test.cc
UNIT_TESTS += tests/unit/tools/postfix_test
tests_unit_tools_postfix_test_LDADD = tools/postfix/libpostfixcmd.a tools/bounces/libbounces.a tools/doctor/libdoctor.a \
	tools/postlog/libpostlogcmd.a $(UNIT_LIBS)
tests_unit_tools_postfix_test_SOURCES = tests/unit/tools/postfix_test.cc \
	tests/unit/queue/fault_disk.cc \
	tests/unit/tools/spool_importer_test.cc \
	tests/unit/tools/spool_message_test.cc
UNIT_TESTS += tests/unit/tools/tools_test
tests_unit_tools_tools_test_LDADD = tools/postqueue/libpostqueue.a \
	tools/postsuper/libpostsuper.a tools/postcat/libpostcat.a \
	tools/qshape/libqshape.a tools/postkick/libpostkick.a $(UNIT_LIBS)
tests_unit_tools_tools_test_SOURCES = \
	tests/unit/queue/fault_disk.cc \
	tests/unit/tools/postqueue_found_test.cc \
	tests/unit/tools/postqueue_test.cc \
	tests/unit/tools/postsuper_test.cc \
	tests/unit/tools/qshape_test.cc
UNIT_TESTS += tests/unit/tools/doctor_test
tests_unit_tools_doctor_test_LDADD = tools/doctor/libdoctor.a $(UNIT_LIBS)
tests_unit_tools_doctor_test_SOURCES = tests/unit/tools/doctor_test.cc
UNIT_TESTS += tests/unit/tools/bounces_test
tests_unit_tools_bounces_test_LDADD = tools/bounces/libbounces.a $(UNIT_LIBS)
tests_unit_tools_bounces_test_SOURCES = tests/unit/tools/bounces_test.cc
