# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += services/failures/libfailures.a
services_failures_libfailures_a_SOURCES = \
	services/failures/ledger.cc services/failures/ledger.h \
	services/failures/program.cc services/failures/program.h \
	services/failures/server.cc services/failures/server.h \
	services/failures/store.cc services/failures/store.h
daemon_PROGRAMS += services/failures/failures
services_failures_failures_SOURCES = services/failures/main.cc
services_failures_failures_LDADD = services/failures/libfailures.a $(POSTHOUSE_LIBS)
