# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += master/libmaster.a
master_libmaster_a_SOURCES = \
	master/endpoint.cc master/endpoint.h \
	master/environment.cc master/environment.h \
	master/guardian.cc master/guardian.h \
	master/known_services.cc master/known_services.h \
	master/listeners.cc master/listeners.h \
	master/lock.cc master/lock.h \
	master/master.cc master/master.h \
	master/options.cc master/options.h \
	master/process.cc master/process.h \
	master/service.cc master/service.h \
	master/service_table.cc master/service_table.h \
	master/socket_owner.cc master/socket_owner.h \
	master/start.cc master/start.h \
	master/throttle.cc master/throttle.h \
	master/workers.cc master/workers.h
daemon_PROGRAMS += master/master
master_master_SOURCES = master/main.cc
master_master_LDADD = master/libmaster.a $(POSTHOUSE_LIBS)
