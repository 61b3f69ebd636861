# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/delivery/libdelivery.a
lib_delivery_libdelivery_a_SOURCES =
