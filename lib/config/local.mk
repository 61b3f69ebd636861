# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/config/libconfig.a
lib_config_libconfig_a_SOURCES = \
	lib/config/compat_level.cc lib/config/compat_level.h \
	lib/config/expand.cc lib/config/expand.h \
	lib/config/host.cc lib/config/host.h \
	lib/config/lines.cc lib/config/lines.h \
	lib/config/main_cf.cc lib/config/main_cf.h \
	lib/config/master_cf.cc lib/config/master_cf.h \
	lib/config/param.cc lib/config/param.h \
	lib/config/params/common.h
