# SPDX-License-Identifier: Apache-2.0
# Unit tests: one program per library folder, tests/unit/<path>. Each adds itself in its local.mk.
AM_TESTS_ENVIRONMENT = SRCDIR='$(abs_top_srcdir)'; BUILDDIR='$(abs_top_builddir)'; export SRCDIR BUILDDIR;
if SANITIZERS
AM_TESTS_ENVIRONMENT += POSTHOUSE_REPORTS='$(abs_top_builddir)/reports'; export POSTHOUSE_REPORTS;
endif
# Tests in Python; a live test is one of them.
TEST_EXTENSIONS = .py .smtp
PY_LOG_COMPILER = $(PYTHON3)
AM_PY_LOG_FLAGS = -B
UNIT_LIBS = $(POSTHOUSE_LIBS) $(GTEST_LIBS) -lgtest_main -lgmock
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
include tests/unit/base/local.mk
include tests/unit/mail/local.mk
include tests/unit/event/local.mk
include tests/unit/net/local.mk
include tests/unit/config/local.mk
include tests/unit/ipc/local.mk
include tests/unit/table/local.mk
include tests/unit/table/modules/local.mk
include tests/unit/smtp/local.mk
include tests/unit/queue/local.mk
include tests/unit/search/local.mk
include tests/unit/policy/local.mk
include tests/unit/checkup/local.mk
include tests/unit/failure/local.mk
include tests/unit/route/local.mk
include tests/unit/service/local.mk
include tests/unit/delivery/local.mk
include tests/unit/local/drop/local.mk
include tests/unit/local/pipe/local.mk
include tests/unit/local/virtual/local.mk
include tests/unit/submit/local.mk
include tests/unit/master/local.mk
include tests/unit/smtpd/local.mk
include tests/unit/cleanup/local.mk
include tests/unit/qmgr/local.mk
include tests/unit/services/local.mk
include tests/unit/bounce/local.mk
include tests/unit/local/local.mk
include tests/unit/tools/local.mk
include tests/dialogue/local.mk
include tests/golden/local.mk
include tests/dev/local.mk
include tests/tools/local.mk
include tests/live/local.mk
include tests/attacks/local.mk
