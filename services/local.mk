# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += services/resolver/libresolver.a
services_resolver_libresolver_a_SOURCES = \
	services/resolver/dns.cc services/resolver/dns.h \
	services/resolver/dns_answer.cc services/resolver/dns_answer.h \
	services/resolver/hosts.cc services/resolver/hosts.h \
	services/resolver/server.cc services/resolver/server.h
daemon_PROGRAMS += services/resolver/resolver
services_resolver_resolver_SOURCES = services/resolver/main.cc
services_resolver_resolver_LDADD = services/resolver/libresolver.a $(POSTHOUSE_LIBS) $(UNBOUND_LIBS)
noinst_LIBRARIES += services/postlog/libpostlog.a
services_postlog_libpostlog_a_SOURCES = services/postlog/collector.cc services/postlog/collector.h
daemon_PROGRAMS += services/postlog/postlogd
services_postlog_postlogd_SOURCES = services/postlog/main.cc
services_postlog_postlogd_LDADD = services/postlog/libpostlog.a $(POSTHOUSE_LIBS)
include services/proxymap/local.mk
daemon_PROGRAMS += services/error/error services/discard/discard
services_error_error_SOURCES = services/error/main.cc
services_error_error_LDADD = $(POSTHOUSE_LIBS)
services_discard_discard_SOURCES = services/discard/main.cc
services_discard_discard_LDADD = $(POSTHOUSE_LIBS)
noinst_LIBRARIES += services/showq/libshowq.a
services_showq_libshowq_a_SOURCES = services/showq/report.cc services/showq/report.h
daemon_PROGRAMS += services/showq/showq
services_showq_showq_SOURCES = services/showq/main.cc
services_showq_showq_LDADD = services/showq/libshowq.a $(POSTHOUSE_LIBS)
noinst_LIBRARIES += services/anvil/libanvil.a
services_anvil_libanvil_a_SOURCES = \
	services/anvil/counters.cc services/anvil/counters.h \
	services/anvil/server.cc services/anvil/server.h
daemon_PROGRAMS += services/anvil/anvil
services_anvil_anvil_SOURCES = services/anvil/main.cc
services_anvil_anvil_LDADD = services/anvil/libanvil.a $(POSTHOUSE_LIBS)
include services/failures/local.mk
