# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += lib/table/libtable.a
lib_table_libtable_a_SOURCES =
