// SPDX-License-Identifier: Apache-2.0
// What the queue manager asks of the delivery agents. Agents (agents.h) is the real one; tests have
// their own.
#pragma once

#include <string>

#include "lib/base/task.h"
#include "lib/ipc/messages/delivery.h"

namespace qmgr {

// How a delivery request ended.
struct Attempt {
    enum class Kind : std::uint8_t {
        Answered,    // `delivered` holds one outcome per recipient.
        NoAgent,     // Nobody could be reached: the transport does not work.
        AgentFailed, // Agents took this request and died, or gave no usable answer.
    };
    Kind kind = Kind::NoAgent;
    ipc::delivery::Delivered delivered;
    std::string reason; // For the failures: one line for the log.
};

class DeliveryPort {
public:
    virtual ~DeliveryPort() = default;
    // Hands one delivery to an agent of `transport` and waits for the end. `request` outlives the
    // call. Deliveries for one `destination` go to the same agent where possible.
    virtual base::Task<Attempt> deliver(std::string transport, std::string destination,
                                        const ipc::delivery::Deliver& request) = 0;
};

} // namespace qmgr
