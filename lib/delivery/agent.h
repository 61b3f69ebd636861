// SPDX-License-Identifier: Apache-2.0
// What all delivery agents share: a request comes in, each recipient gets an outcome and its log
// line, the queue manager gets the answer. An agent itself is one function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/task.h"
#include "lib/delivery/status_filter.h"
#include "lib/ipc/messages/delivery.h"

namespace delivery {

// How one recipient's mail travelled, for the log line.
struct Passage {
    base::WallTime connected{}; // The connection was ready; the epoch: there was none.
    unsigned uses = 0;          // Messages over that connection, this one included.
    bool onward = false; // The next host tells the sender of success if it is asked to (RFC 3461).
};

// One request on its way to its outcomes.
class Delivery {
public:
    // `clock` outlives the object, and so does `filter`, which may be null.
    Delivery(ipc::delivery::Deliver request, const base::Clock& clock,
             const StatusFilter* filter = nullptr);
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    const ipc::delivery::Deliver& request() const { return request_; }
    std::size_t recipients() const { return request_.recipients.size(); }

    // Notes what became of a recipient, once, and writes the log line; where there is a filter,
    // that follows in release().
    void settle(std::size_t recipient, mail::Outcome outcome, Passage passage = {});
    // For recipients that stand for several deliveries: filters one of them and writes its line,
    // under the address that it went to...
    base::Task<void> tell(mail::Recipient shown, mail::Outcome& outcome) const;
    // ...and notes what became of all, without a line.
    void settle_told(std::size_t recipient, mail::Outcome outcome);

    // settle() for all who have no outcome yet.
    void settle_rest(const mail::Outcome& outcome, Passage passage = {});

    bool settled(std::size_t recipient) const
    {
        return outcomes_[recipient].status != mail::Status::Queued;
    }
    std::size_t unsettled() const { return unsettled_; }

    void set_health(ipc::delivery::Health health, std::string reason = {});

    // Filters what waits for that, and writes its lines. Before finish().
    base::Task<void> release();
    // The answer. Recipients that an agent forgot are deferred: doubt is temporary.
    ipc::delivery::Delivered finish();

private:
    struct Held { // Waits for the filter.
        std::size_t recipient = 0;
        Passage passage;
        base::WallTime finished{};
    };
    void settle_forgotten();
    void complete(mail::Outcome& outcome) const;
    void write_line(const mail::Recipient& shown, mail::Outcome& outcome, const Passage& passage,
                    base::WallTime finished) const;

    const base::Clock& clock_;
    const StatusFilter* filter_;
    ipc::delivery::Deliver request_;
    std::vector<Held> held_;
    std::vector<mail::Outcome> outcomes_;
    std::vector<std::uint32_t> onward_;
    std::size_t unsettled_;
    ipc::delivery::Health health_ = ipc::delivery::Health::Unknown;
    std::string reason_;
};

class Agent {
public:
    virtual ~Agent() = default;
    // Settles the recipients of `delivery`, which outlives the task. With Deliver::trace it finds
    // out what would become of each, as far as it can tell before, and delivers nothing.
    virtual base::Task<void> deliver(Delivery& delivery) = 0;
};

// The handler of ipc::delivery::Protocol; serves any number of deliveries side by side.
class AgentServer {
public:
    // All outlive it; `filter` may be null.
    AgentServer(Agent& agent, const base::Clock& clock, std::int64_t capacity,
                const StatusFilter* filter = nullptr)
        : agent_(agent), clock_(clock), capacity_(static_cast<std::uint32_t>(capacity)),
          filter_(filter != nullptr && !filter->empty() ? filter : nullptr)
    {
    }

    base::Task<base::Result<ipc::delivery::Capacity>> on(ipc::delivery::Announce);
    base::Task<base::Result<ipc::delivery::Delivered>> on(ipc::delivery::Deliver request);

    std::size_t capacity() const { return capacity_; }

private:
    Agent& agent_;
    const base::Clock& clock_;
    std::uint32_t capacity_;
    const StatusFilter* filter_;
};

} // namespace delivery
