# SPDX-License-Identifier: Apache-2.0
# Tests of the checkers, and the checks themselves.
DEV_TESTS = tests/dev/check_layers_test.py tests/dev/check_style_test.py
DEV_CHECKS = tools/dev/check-layers tools/dev/check-style
TESTS += $(DEV_TESTS) $(DEV_CHECKS)
EXTRA_DIST += $(DEV_TESTS) tests/dev/trees.py
