# SPDX-License-Identifier: Apache-2.0
dist_check_SCRIPTS += tests/live/master_test.py
TESTS += tests/live/master_test.py
