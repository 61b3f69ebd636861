# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/policy/libpolicy.a
lib_policy_libpolicy_a_SOURCES = \
	lib/policy/lists.cc lib/policy/lists.h \
	lib/policy/restrictions.cc lib/policy/restrictions.h
