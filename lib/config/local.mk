# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/config/libconfig.a
lib_config_libconfig_a_SOURCES = \
	lib/config/compat_level.cc lib/config/compat_level.h \
	lib/config/edit.cc lib/config/edit.h \
	lib/config/expand.cc lib/config/expand.h \
	lib/config/host.cc lib/config/host.h \
	lib/config/lines.cc lib/config/lines.h \
	lib/config/maillog.cc lib/config/maillog.h \
	lib/config/main_cf.cc lib/config/main_cf.h \
	lib/config/master_cf.cc lib/config/master_cf.h \
	lib/config/names.cc lib/config/names.h \
	lib/config/notice_template.cc lib/config/notice_template.h \
	lib/config/notify_class.cc lib/config/notify_class.h \
	lib/config/own_addresses.cc lib/config/own_addresses.h \
	lib/config/param.cc lib/config/param.h \
	lib/config/param_lists.h \
	lib/config/params/agents.h \
	lib/config/params/anvil.h \
	lib/config/params/bounce.h \
	lib/config/params/cleanup.h \
	lib/config/params/common.h \
	lib/config/params/doctor.h \
	lib/config/params/drop.h \
	lib/config/params/failures.h \
	lib/config/params/foreign.cc lib/config/params/foreign.h \
	lib/config/params/foreign_names.h \
	lib/config/params/input.h \
	lib/config/params/lifetime.h \
	lib/config/params/local.cc lib/config/params/local.h \
	lib/config/params/mailbox.h \
	lib/config/params/master.h \
	lib/config/params/pipe.h \
	lib/config/params/postmap.h \
	lib/config/params/postqueue.h \
	lib/config/params/proxymap.h \
	lib/config/params/qmgr.h \
	lib/config/params/queue.h \
	lib/config/params/registry.cc lib/config/params/registry.h \
	lib/config/params/resolver.h \
	lib/config/params/route.h \
	lib/config/params/shared.h \
	lib/config/params/smtp_client.h \
	lib/config/params/smtpd.h \
	lib/config/params/status_filter.h \
	lib/config/params/submit.h \
	lib/config/params/verp.h \
	lib/config/params/virtual.h
