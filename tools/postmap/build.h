// SPDX-License-Identifier: Apache-2.0
// Making and changing FILE.lmdb. What is there before a change may be in a FILE.db of Berkeley DB;
// the result is in FILE.lmdb.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "tools/postmap/options.h"

namespace postmap {

// The types that this command can write, all as FILE.lmdb.
bool is_writable_type(std::string_view type);

struct Target {
    std::string spec; // "type:file"
    std::string file;
    std::size_t map_size = 16 << 20; // lmdb_map_size
};

// Builds from the source file, or, with -i, adds what standard input has to what is there.
base::Result<void> build(const Target& target, const Options& options);

// Removes a key. False when it was not there.
base::Result<bool> remove(const Target& target, const std::string& key, const Options& options);

} // namespace postmap
