// SPDX-License-Identifier: Apache-2.0
// The agent of local(8): plans each recipient, then does what the plan says.
#pragma once

#include "lib/delivery/delivered_to.h"
#include "local/execution.h"
#include "local/host.h"
#include "local/settings.h"

namespace local {

class Agent final : public delivery::Agent {
public:
    // All arguments outlive it.
    Agent(const Settings& settings, Host& host, Tools tools)
        : settings_(settings), host_(host), tools_(tools)
    {
    }

    base::Task<void> deliver(delivery::Delivery& delivery) override;

private:
    base::Task<void> deliver_one(delivery::Delivery& delivery, std::size_t recipient,
                                 const delivery::DeliveredTo& before);

    const Settings& settings_;
    Host& host_;
    Tools tools_;
};

} // namespace local
