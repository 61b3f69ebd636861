// SPDX-License-Identifier: Apache-2.0
// lmdb: tables, and hash: and btree:, which are served from the LMDB file beside their source: this
// release has no Berkeley DB.
#pragma once

#include <memory>

#include "lib/table/source.h"
#include "lib/table/table.h"

namespace table {

// `spec` is "type:FILE", `file` the source; the database is FILE.lmdb. A missing database is an
// error that names the command to run; one older than its source is a warning.
base::Result<std::unique_ptr<Table>> make_lmdb_table(const std::string& spec,
                                                     const std::string& file, Warnings& warnings);

} // namespace table
