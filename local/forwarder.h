// SPDX-License-Identifier: Apache-2.0
// New messages: what aliases and .forward files send on goes to cleanup, with a Received and a
// Delivered-To field in front, so that each recipient gets a record in the queue.
#pragma once

#include <string>

#include "lib/delivery/agent.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/cleanup.h"
#include "local/plan.h"

namespace local {

class Forwarder {
public:
    struct Identity {
        std::string myhostname;
        std::string mail_name;
        bool delivered_to = true; // prepend_delivered_header has "forward".
    };
    Forwarder(events::Loop& loop, Identity identity, base::Duration answer_time)
        : loop_(loop), identity_(std::move(identity)), answer_time_(answer_time)
    {
    }

    // Sent, "forwarded as ID", once the new message is on disk. `request` outlives the task.
    base::Task<mail::Outcome> send(const ipc::delivery::Deliver& request, const Forward& forward);

private:
    using Cleanup = ipc::Client<ipc::cleanup::Protocol>;
    base::Task<base::Result<std::string>>
    open(Cleanup& cleanup, const ipc::delivery::Deliver& request, const Forward& forward);
    base::Task<base::Result<void>> write(Cleanup& cleanup, std::string_view bytes);
    base::Task<base::Result<void>> copy(Cleanup& cleanup, const ipc::delivery::Deliver& request);
    std::string head(const std::string& queue_id, const Forward& forward) const;
    base::Deadline deadline() const { return loop_.clock().after(answer_time_); }

    events::Loop& loop_;
    Identity identity_;
    base::Duration answer_time_;
};

} // namespace local
