# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/route/libroute.a
lib_route_libroute_a_SOURCES =
