# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/service/libservice.a
lib_service_libservice_a_SOURCES = \
	lib/service/command.cc lib/service/command.h \
	lib/service/ipc_service.cc lib/service/ipc_service.h \
	lib/service/jail.cc lib/service/jail.h \
	lib/service/log_setup.cc lib/service/log_setup.h \
	lib/service/options.cc lib/service/options.h \
	lib/service/sandbox.cc lib/service/sandbox.h \
	lib/service/program.cc lib/service/program.h \
	lib/service/service.cc lib/service/service.h \
	lib/service/user_list.cc lib/service/user_list.h
