# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/service/libservice.a
lib_service_libservice_a_SOURCES =
