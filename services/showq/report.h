// SPDX-License-Identifier: Apache-2.0
// One client of showq: the queue's listing, sent as it is read.
#pragma once

#include "lib/base/task.h"
#include "lib/net/stream.h"
#include "lib/queue/listing.h"

namespace showq {

// Sends the whole listing; ends early when the client goes, or does not read for as long as
// `patience`. What cannot be read is logged and left out.
base::Task<void> report(net::Stream& stream, const queue::Directories& directories,
                        base::Duration patience);

// The same at once, to any descriptor: for showq -S.
base::Result<void> report_at_once(int fd, const queue::Directories& directories);

} // namespace showq
