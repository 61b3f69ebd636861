// SPDX-License-Identifier: Apache-2.0
// What the tables of all SQL databases have in common: the parameters that make the query.
#pragma once

#include "lib/table/module.h"

namespace table {

// Rows for a module's own list of parameters.
inline constexpr ModuleSetting sql_query_setting = {"query", {}, SettingKind::Template};
inline constexpr ModuleSetting sql_select_setting = {"select_field"};
inline constexpr ModuleSetting sql_table_setting = {"table"};
inline constexpr ModuleSetting sql_where_setting = {"where_field"};
inline constexpr ModuleSetting sql_more_setting = {"additional_conditions"};
inline constexpr ModuleSetting sql_function_setting = {"select_function"}; // PostgreSQL only.

// The template of the query: `query`; or, in files of old, SELECT select_function('%s'), or one of
// select_field, table, where_field and additional_conditions. An error when there is neither.
base::Result<std::string> sql_query(const TableSettings& settings);

} // namespace table
