# SPDX-License-Identifier: Apache-2.0
daemon_PROGRAMS += lmtp/lmtp
lmtp_lmtp_SOURCES = lmtp/main.cc
lmtp_lmtp_LDADD = $(POSTHOUSE_LIBS)
