// SPDX-License-Identifier: Apache-2.0
// Table types that need no file format of their own.
#pragma once

#include <memory>
#include <vector>

#include "lib/table/source.h"
#include "lib/table/table.h"

namespace table {

using TablePtr = std::unique_ptr<Table>;

// static:VALUE and static:{VALUE}: every key has the value.
TablePtr make_static_table(const std::string& name, std::string_view value);

// fail:TEXT: every look-up fails, for tests. Also what stands for a table that could not be opened:
// `why` is the error of each look-up, so that mail waits instead of being misrouted.
// The table is stale as soon as one of the files `missing` has come.
TablePtr make_failing_table(const std::string& name, base::Error why,
                            std::vector<std::string> missing = {});

// Keys and values in memory, for texthash: and inline:. Keys are folded already if need be; the
// first of two equal keys counts (and is told) for texthash:, the last for inline:.
base::Result<TablePtr> make_texthash_table(const std::string& name, const std::string& source,
                                           bool fold, Warnings& warnings);
base::Result<TablePtr> make_inline_table(const std::string& name, const std::string& source,
                                         bool fold);

// environ:PREFIX: the key is the name of an environment variable.
TablePtr make_environ_table(const std::string& name);

// unix:passwd.byname and unix:group.byname: the system's users and groups, as a line of the file.
// May block in the name service: for proxymap, local delivery and commands.
base::Result<TablePtr> make_unix_table(const std::string& name, std::string_view database);

// randmap:{a,b}: any of the values.
base::Result<TablePtr> make_random_table(const std::string& name, const std::string& list);

// unionmap:{...}: all results with commas between; pipemap:{...}: each result is the key for the
// next. The members live as long as the table made.
TablePtr make_union_table(const std::string& name, std::vector<Table*> members);
TablePtr make_pipe_table(const std::string& name, std::vector<Table*> members);

} // namespace table
