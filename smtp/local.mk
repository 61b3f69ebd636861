# SPDX-License-Identifier: Apache-2.0
daemon_PROGRAMS += smtp/smtp
smtp_smtp_SOURCES = smtp/main.cc
smtp_smtp_LDADD = $(POSTHOUSE_LIBS)
