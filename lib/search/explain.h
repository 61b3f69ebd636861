// SPDX-License-Identifier: Apache-2.0
// What a queue file tells of why its message waits.
#pragma once

#include "lib/ipc/messages/qmgr.h"
#include "lib/queue/directories.h"
#include "lib/queue/reader.h"

namespace search {

// Of a message with more waiting recipients, the first are explained.
inline constexpr std::size_t explained_recipients = 50;

// `reader` has just been opened; `queue` is where its file lies, `modified` the file's time. What
// only the queue manager knows (destinations, expiry) stays empty.
base::Result<ipc::qmgr::Explanation> explain(queue::MessageReader& reader, queue::Queue queue,
                                             base::WallTime modified);

// The same for a message of this name, wherever it is; `found` is false when it is nowhere.
base::Result<ipc::qmgr::Explanation> explain(const queue::Directories& directories,
                                             const mail::QueueId& id);

} // namespace search
