# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += services/proxymap/libproxymap.a
services_proxymap_libproxymap_a_SOURCES = \
	services/proxymap/approved.cc services/proxymap/approved.h \
	services/proxymap/server.cc services/proxymap/server.h
daemon_PROGRAMS += services/proxymap/proxymap
services_proxymap_proxymap_SOURCES = services/proxymap/main.cc
services_proxymap_proxymap_LDADD = services/proxymap/libproxymap.a $(POSTHOUSE_LIBS)
