# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/submit/libsubmit.a
lib_submit_libsubmit_a_SOURCES = \
	lib/submit/maildrop.h \
	lib/submit/postdrop.cc lib/submit/postdrop.h \
	lib/submit/stream.cc lib/submit/stream.h
