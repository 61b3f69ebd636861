// SPDX-License-Identifier: Apache-2.0
// Check and repair of the queue directories: what is in the wrong place, has the wrong name or the
// wrong owner. A file's name is what its own id record says; that an id also names the inode is
// not looked at, so that a queue restored from a backup keeps its ids.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/queue/directories.h"

namespace postsuper {

// As root, in the queue directory: files that are sound messages with one link, and hash
// directories, become `owner`'s again, writable by nobody else. Everything else is left alone. Not
// for maildrop, where files belong to those who wrote them.
void repair_owners(const queue::Directories& directories, const std::vector<queue::Queue>& queues,
                   uid_t owner);

struct Repaired {
    std::uint64_t moved = 0;   // To where hashing wants them.
    std::uint64_t renamed = 0; // To the id in the file.
};
// As mail_owner, in the queue directory: puts files where they belong and removes hash directories
// that are empty. What cannot be read is told and left; names that are no queue ids too.
Repaired repair_structure(const queue::Directories& directories,
                          const std::vector<queue::Queue>& queues);

// Removes temporary files of former crashes; returns how many.
unsigned purge(queue::Directories& directories, const std::vector<queue::Queue>& queues,
               base::WallTime now);

} // namespace postsuper
