# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/net/libnet.a
lib_net_libnet_a_SOURCES = \
	lib/net/network.cc lib/net/network.h \
	lib/net/address.cc lib/net/address.h \
	lib/net/socket.cc lib/net/socket.h \
	lib/net/stream.cc lib/net/stream.h
