// SPDX-License-Identifier: Apache-2.0
// What makes a loadable module of pgsql: tables.
#include "lib/table/modules/pgsql.h"

TABLE_MODULE(posthouse_pgsql, table::PgsqlModule)
