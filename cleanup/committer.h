// SPDX-License-Identifier: Apache-2.0
// Group commit: messages that are finished at about the same time share the disk's work. Whoever
// commits waits on the loop; a few threads wait on the disk, each with all that came meanwhile.
#pragma once

#include <memory>
#include <vector>

#include "lib/base/task.h"
#include "lib/event/notice.h"
#include "lib/event/offload.h"
#include "lib/queue/writer.h"

namespace cleanup {

class Committer {
public:
    // `disk` outlives the committer.
    Committer(events::Loop& loop, queue::Disk& disk, unsigned threads);

    // Returns when the message is on disk, file and directory, or is removed again.
    base::Task<base::Result<void>> commit(queue::UncommittedMessage message);

private:
    using Mailbox = events::Mailbox<base::Result<void>>;
    struct Waiting {
        queue::UncommittedMessage message;
        std::shared_ptr<Mailbox> done; // Shared: the session may go while the disk works.
    };
    base::Task<void> run_batch(std::vector<Waiting> batch);
    void start_batches();

    events::Loop& loop_;
    queue::Disk& disk_;
    unsigned threads_;
    unsigned active_ = 0; // Batches under way.
    std::vector<Waiting> waiting_;
    events::Offload pool_;
    base::Scope running_;
};

} // namespace cleanup
