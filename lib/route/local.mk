# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/route/libroute.a
lib_route_libroute_a_SOURCES = \
	lib/route/address_map.cc lib/route/address_map.h \
	lib/route/destinations.cc lib/route/destinations.h \
	lib/route/foundation.h \
	lib/route/address_literal.cc lib/route/address_literal.h \
	lib/route/recipient_check.cc lib/route/recipient_check.h \
	lib/route/rewriter.cc lib/route/rewriter.h \
	lib/route/router.cc lib/route/router.h
