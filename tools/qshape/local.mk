# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/qshape/libqshape.a
tools_qshape_libqshape_a_SOURCES = \
	tools/qshape/options.cc tools/qshape/options.h \
	tools/qshape/run.cc tools/qshape/run.h \
	tools/qshape/shape.cc tools/qshape/shape.h
command_PROGRAMS += tools/qshape/qshape
tools_qshape_qshape_SOURCES = tools/qshape/main.cc
tools_qshape_qshape_LDADD = tools/qshape/libqshape.a $(POSTHOUSE_LIBS)
