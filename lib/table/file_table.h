// SPDX-License-Identifier: Apache-2.0
// Tables in indexed files beside their source: lmdb: in FILE.lmdb, which we write; hash: and btree:
// in that, or in the FILE.db of Berkeley DB that Postfix has written. FILE.lmdb counts when it is
// not older than FILE.db.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/table/source.h"
#include "lib/table/table.h"

namespace table {

enum class Index : unsigned char { Lmdb, LmdbOrBerkeley };

// `spec` is "type:FILE", `file` the source. A missing database is an error that names the command
// to run; one older than its source is a warning.
base::Result<std::unique_ptr<Table>>
make_index_table(const std::string& spec, const std::string& file, Index index, Warnings& warnings);

// The database of `file` that counts; nothing: there is none, or none in reach.
std::optional<std::string> index_path(const std::string& file, Index index);

// All entries of the database that counts, in its order.
base::Result<std::vector<std::pair<std::string, std::string>>>
index_entries(const std::string& file, Index index);

// What a table type may be served from.
Index index_of(std::string_view type);

} // namespace table
