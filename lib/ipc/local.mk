# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/ipc/libipc.a
lib_ipc_libipc_a_SOURCES = \
	lib/ipc/channel.cc lib/ipc/channel.h \
	lib/ipc/client.cc lib/ipc/client.h \
	lib/ipc/codec.cc lib/ipc/codec.h \
	lib/ipc/control.cc lib/ipc/control.h \
	lib/ipc/input_options.cc lib/ipc/input_options.h \
	lib/ipc/mail_types.h \
	lib/ipc/messages/anvil.h lib/ipc/messages/bounce.h lib/ipc/messages/cleanup.h lib/ipc/messages/delivery.h \
	lib/ipc/messages/proxymap.h lib/ipc/messages/qmgr.h lib/ipc/messages/resolver.h \
	lib/ipc/protocol.cc lib/ipc/protocol.h \
	lib/ipc/server.cc lib/ipc/server.h \
	lib/ipc/trigger.cc lib/ipc/trigger.h
EXTRA_DIST += lib/ipc/PROTOCOL.md
