# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/checkup/libcheckup.a
lib_checkup_libcheckup_a_SOURCES = \
	lib/checkup/checkup.cc lib/checkup/checkup.h \
	lib/checkup/domains.cc lib/checkup/domains.h \
	lib/checkup/pipes.cc lib/checkup/pipes.h lib/checkup/lookups.cc lib/checkup/lookups.h
