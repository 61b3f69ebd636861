// SPDX-License-Identifier: Apache-2.0
// The two forms in which the queue is shown: the table that people and many scripts read, and JSON.
#pragma once

#include <memory>
#include <string>

#include "lib/queue/listing.h"

namespace postqueue {

class Format {
public:
    virtual ~Format() = default;
    // Adds one message to `to`.
    virtual void add(std::string& to, const queue::ListedMessage& message) = 0;
    // What follows the last message.
    virtual void finish(std::string& to) = 0;
};

// `long_ids`: columns for long queue ids (enable_long_queue_ids). Dates are in local time.
std::unique_ptr<Format> table_format(bool long_ids);

// One object for each message, each on a line of its own; nothing for an empty queue.
std::unique_ptr<Format> json_format();

} // namespace postqueue
