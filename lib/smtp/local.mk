# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/smtp/libsmtp.a
lib_smtp_libsmtp_a_SOURCES =
