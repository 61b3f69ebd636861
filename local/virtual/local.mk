# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += local/virtual/libvirtual.a
local_virtual_libvirtual_a_SOURCES = \
	local/virtual/mailbox_map.cc local/virtual/mailbox_map.h \
	local/virtual/virtual_agent.cc local/virtual/virtual_agent.h
daemon_PROGRAMS += local/virtual/virtual
local_virtual_virtual_SOURCES = local/virtual/main.cc
local_virtual_virtual_LDADD = local/virtual/libvirtual.a $(POSTHOUSE_LIBS)
