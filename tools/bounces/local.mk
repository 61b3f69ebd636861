# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/bounces/libbounces.a
tools_bounces_libbounces_a_SOURCES = \
	tools/bounces/classify.cc \
	tools/bounces/command.cc tools/bounces/command.h \
	tools/bounces/format.cc
