# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/ipc/ipc_test
tests_unit_ipc_ipc_test_LDADD = $(UNIT_LIBS)
tests_unit_ipc_ipc_test_SOURCES = \
	tests/unit/ipc/channel_test.cc \
	tests/unit/ipc/client_test.cc \
	tests/unit/ipc/codec_test.cc \
	tests/unit/ipc/control_test.cc \
	tests/unit/ipc/golden_test.cc \
	tests/unit/ipc/input_options_test.cc \
	tests/unit/ipc/sample.h \
	tests/unit/ipc/server_test.cc \
	tests/unit/ipc/test_protocol.h \
	tests/unit/ipc/trigger_test.cc
