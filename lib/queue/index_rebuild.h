// SPDX-License-Identifier: Apache-2.0
// Makes the index from the queue files, in steps, so that a daemon can serve mail meanwhile.
#pragma once

#include <cstdint>

#include "lib/base/result.h"
#include "lib/queue/directories.h"
#include "lib/queue/index.h"
#include "lib/queue/reader.h"

namespace queue {

// The entry of a message as its file shows it. Destinations are the recipients' domains; the owner
// of the index puts in better ones when it knows them.
base::Result<IndexEntry> index_entry(MessageReader& reader, Queue queue,
                                     base::WallTime next_attempt);

class IndexRebuild {
public:
    // All of these outlive the rebuild.
    IndexRebuild(Index& index, Directories& directories);

    // Reads up to `files` more messages of deferred and hold. True when all are done. Files that
    // are no messages go to corrupt. After an error it may be called again; it goes on with the
    // next file, and whoever wants the one that failed begins a new rebuild.
    base::Result<bool> step(std::size_t files);

    std::uint64_t indexed() const { return indexed_; }
    std::uint64_t corrupt() const { return corrupt_; }

private:
    base::Result<void> add(Queue queue, std::string_view id, std::vector<IndexEntry>& entries);

    Index& index_;
    Directories& directories_;
    Queue queue_ = Queue::Deferred;
    Directories::Scan scan_;
    std::uint64_t indexed_ = 0;
    std::uint64_t corrupt_ = 0;
};

} // namespace queue
