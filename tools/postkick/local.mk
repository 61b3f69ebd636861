# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/postkick/libpostkick.a
tools_postkick_libpostkick_a_SOURCES = tools/postkick/kick.cc tools/postkick/kick.h
command_PROGRAMS += tools/postkick/postkick
tools_postkick_postkick_SOURCES = tools/postkick/main.cc
tools_postkick_postkick_LDADD = tools/postkick/libpostkick.a $(POSTHOUSE_LIBS)
