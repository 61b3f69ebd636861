// SPDX-License-Identifier: Apache-2.0
// What makes a loadable module of mysql: tables.
#include "lib/table/modules/mysql.h"

TABLE_MODULE(posthouse_mysql, table::MysqlModule)
