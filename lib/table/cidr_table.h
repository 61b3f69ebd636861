// SPDX-License-Identifier: Apache-2.0
// cidr: tables: the first network that holds the address decides; cidr_table(5).
#pragma once

#include <memory>

#include "lib/table/source.h"
#include "lib/table/table.h"

namespace table {

// `source` is text in the syntax of cidr_table(5); `name` is the table's full name. Faulty rules
// are left out and told in `warnings`.
std::unique_ptr<Table> make_cidr_table(const std::string& name, std::string_view source,
                                       Warnings& warnings);

} // namespace table
