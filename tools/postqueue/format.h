// SPDX-License-Identifier: Apache-2.0
// The two forms in which the queue is shown: the table that people and many scripts read, and JSON.
#pragma once

#include <memory>
#include <string>

#include "lib/ipc/messages/qmgr.h"
#include "lib/queue/listing.h"
#include "lib/search/groups.h"

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

// What a search found, for the table, and as JSON: as above, with what the queue manager knows
// besides (next_attempt, class, destination, recipient_count).
queue::ListedMessage listed(const ipc::qmgr::FoundMessage& message);
void append_found_json(std::string& to, const ipc::qmgr::FoundMessage& message);

struct GroupsView {
    search::GroupBy by;
    bool json = false;
    base::WallTime now;
};
// A line for each group, the largest first.
void append_groups(std::string& to, const search::Groups& groups, const GroupsView& view);

// The members of JSON that tell a class; nothing when there is none.
void append_failure(std::string& to, mail::Failure failure);

// "3d 2h", "2h 5m", "5m".
std::string age_text(base::Duration age);

} // namespace postqueue
