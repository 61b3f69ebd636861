# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/ipc/libipc.a
lib_ipc_libipc_a_SOURCES =
