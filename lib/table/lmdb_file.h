// SPDX-License-Identifier: Apache-2.0
// LMDB files of lookup tables. A file that has its final name never changes: writers make a new one
// and rename it. So readers need no lock, keep one snapshot for as long as they like, and see that
// there is something newer by the file's identity.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "lib/base/fd.h"
#include "lib/base/result.h"

struct MDB_env;
struct MDB_txn;

namespace table {

// Bytes of the longest key that LMDB takes, its NUL included.
inline constexpr std::size_t kLmdbKeyBytes = 511;

class LmdbReader {
public:
    // `path` ends in ".lmdb".
    static base::Result<LmdbReader> open(const std::string& path);
    LmdbReader(LmdbReader&& other) noexcept;
    LmdbReader& operator=(LmdbReader&& other) noexcept;
    ~LmdbReader();

    // Keys and values are stored with a NUL behind them, or without: both are found.
    base::Result<std::optional<std::string>> find(std::string_view key) const;

    using Pair = std::pair<std::string, std::string>;
    // All entries in the order of the file, without their NUL bytes.
    base::Result<std::vector<Pair>> all() const;

    // Whether `path` is still the file that was opened; true also when neither the file nor its
    // name tells otherwise.
    bool is_current(const std::string& path) const;

    uid_t owner() const { return owner_; } // Of the file that was opened.

private:
    LmdbReader() = default;
    base::Result<std::optional<std::string>> get(std::string_view key) const;

    MDB_env* env_ = nullptr;
    MDB_txn* txn_ = nullptr;
    unsigned db_ = 0;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    uid_t owner_ = 0;
};

struct LmdbWriteOptions {
    mode_t mode = 0644;
    bool nul = true;                      // Store a NUL behind keys and values.
    std::size_t map_size = 16 << 20;      // lmdb_map_size: where to begin; grows as needed.
    uid_t owner = static_cast<uid_t>(-1); // Used by root only; -1: as it is made.
    gid_t group = static_cast<gid_t>(-1);
};

// Replaces the file `path` by one with these entries: a temporary file in the same directory,
// fsync, rename, fsync of the directory.
base::Result<void> write_lmdb(const std::string& path, const std::vector<LmdbReader::Pair>& entries,
                              LmdbWriteOptions options);

} // namespace table
