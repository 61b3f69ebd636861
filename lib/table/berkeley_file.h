// SPDX-License-Identifier: Apache-2.0
// Files of Berkeley DB 5.3 that Postfix's postmap wrote (FILE.db), read only. We read the format
// ourselves: the library ends the process at damage beyond a file's first page, needs the name of a
// file that a jail hides, and keeps pages that a writer has replaced.
//
// A writer changes such a file in place, under an exclusive lock (flock). So each call takes a
// shared lock, without waiting, and looks at the pages as they are then. A file that is being
// written, is damaged, or uses what postmap never does (duplicates, sub-databases, encryption,
// checksums) gives temporary errors.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "lib/base/fd.h"
#include "lib/base/result.h"

namespace table {

class BerkeleyReader {
public:
    // `path` ends in ".db". The descriptor is kept: later calls need no name.
    static base::Result<BerkeleyReader> open(const std::string& path);
    static base::Result<BerkeleyReader> of(base::Fd file);

    // Keys and values are stored with a NUL behind them, or without: both are found.
    base::Result<std::optional<std::string>> find(std::string_view key) const;

    using Pair = std::pair<std::string, std::string>;
    // All entries in the order of the file, without their NUL bytes.
    base::Result<std::vector<Pair>> all() const;

    // Whether `path` is still the file that was opened, and nobody has written it or changed its
    // status since. Look-ups see what was written anyway; but who owns the file, and whether there
    // is a better one beside it, may have to be asked anew.
    bool is_current(const std::string& path) const;

    uid_t owner() const { return owner_; } // Of the file that was opened.

private:
    BerkeleyReader() = default;

    base::Fd file_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    timespec changed_{};
    uid_t owner_ = 0;
};

// Marks FILE.db as looked after, without changing it, so that readers that have it open, and cannot
// see new names, notice that there is a new FILE.lmdb beside it. No file is no error.
void nudge_berkeley(const std::string& path);

} // namespace table
