// SPDX-License-Identifier: Apache-2.0
// What makes a loadable module of sqlite: tables.
#include "lib/table/modules/sqlite.h"

TABLE_MODULE(posthouse_sqlite, table::SqliteModule)
