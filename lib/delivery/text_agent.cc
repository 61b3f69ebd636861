// SPDX-License-Identifier: Apache-2.0
// Agents that deliver nowhere; see text_agent.h.
#include "lib/delivery/text_agent.h"

#include "lib/delivery/status_text.h"

namespace delivery {

base::Task<void> TextAgent::deliver(Delivery& delivery)
{
    StatusText split = split_status(delivery.request().next_hop, dsn_);
    mail::Outcome outcome;
    outcome.status = status_;
    outcome.dsn = std::move(split.dsn);
    outcome.text = std::move(split.text);
    outcome.relay = "none";
    delivery.settle_rest(outcome);
    // Nobody is spoken to, so there is nothing that could be down.
    delivery.set_health(ipc::delivery::Health::Ok);
    co_return;
}

} // namespace delivery
