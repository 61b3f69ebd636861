# SPDX-License-Identifier: Apache-2.0
include tests/golden/postconf/local.mk
EXTRA_DIST += tests/golden/ipc tests/golden/notices
include tests/golden/queue_tools/local.mk

