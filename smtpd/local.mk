# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += smtpd/libsmtpd.a
smtpd_libsmtpd_a_SOURCES = \
	smtpd/cleanup_sink.cc smtpd/cleanup_sink.h \
	smtpd/driver.cc smtpd/driver.h \
	smtpd/peer.cc smtpd/peer.h
