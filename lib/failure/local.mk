# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/failure/libfailure.a
lib_failure_libfailure_a_SOURCES = \
	lib/failure/labels.cc lib/failure/labels.h \
	lib/failure/map_check.cc lib/failure/map_check.h
