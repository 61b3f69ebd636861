// SPDX-License-Identifier: Apache-2.0
// The file of a database table, such as mysql:/etc/postfix/aliases.cf: "name = value" in the form
// of main.cf, without $name. Where the table's name is no path, as in mysql:aliases, the parameters
// are in main.cf, with the name in front: aliases_hosts.
#pragma once

#include <span>

#include "lib/config/main_cf.h"
#include "lib/table/module.h"
#include "lib/table/source.h"

namespace table {

inline constexpr std::size_t kTableFileBytes = 1 << 20;

// Parameters of every kind of database table: result_format, domain, expansion_limit.
std::span<const ModuleSetting> common_settings();

// Whether the table's parameters are in a file of its own.
bool is_table_file(std::string_view name);

// The parameters of table `name`: those of `known`, and the common ones. What the file has besides
// them is a warning with its place; a value that cannot be is an error. `main` may be null, for
// tables in files.
base::Result<TableSettings> read_table_settings(const std::string& name, const config::MainCf* main,
                                                std::span<const ModuleSetting> known,
                                                Warnings& warnings);

// The same for a text that is the file's content.
base::Result<TableSettings> parse_table_settings(std::string_view text, const std::string& file,
                                                 std::span<const ModuleSetting> known,
                                                 Warnings& warnings);

} // namespace table
