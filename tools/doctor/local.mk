# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += tools/doctor/libdoctor.a
tools_doctor_libdoctor_a_SOURCES = \
	tools/doctor/command.cc tools/doctor/command.h \
	tools/doctor/dialogue.cc tools/doctor/dialogue.h \
	tools/doctor/dns_checks.cc tools/doctor/looks.h \
	tools/doctor/examination.cc tools/doctor/examination.h \
	tools/doctor/finding.cc tools/doctor/finding.h \
	tools/doctor/host_checks.cc \
	tools/doctor/listeners.cc tools/doctor/listeners.h \
	tools/doctor/reach_checks.cc \
	tools/doctor/relay_checks.cc \
	tools/doctor/system_checks.cc \
	tools/doctor/words.cc tools/doctor/words.h
