# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/local/pipe/pipe_test
tests_unit_local_pipe_pipe_test_LDADD = local/pipe/libpipe.a $(UNIT_LIBS)
tests_unit_local_pipe_pipe_test_SOURCES = \
	tests/unit/local/pipe/arguments_test.cc \
	tests/unit/local/pipe/attributes_test.cc \
	tests/unit/local/pipe/pipe_agent_test.cc
