// SPDX-License-Identifier: Apache-2.0
// The agent of local(8); see agent.h.
#include "local/agent.h"

#include "lib/delivery/outcomes.h"
#include "local/planner.h"

namespace local {

using base::Task;

Task<void> Agent::deliver_one(delivery::Delivery& delivery, std::size_t recipient,
                              const delivery::DeliveredTo& before)
{
    const auto& request = delivery.request();
    const Planner::LoopCheck looped = [&before](const std::string& address) {
        return before.has(address);
    };
    Context start;
    start.queue_id = request.queue_id;
    start.recipient = request.recipients[recipient];
    start.sender = request.envelope.sender;
    start.envid = request.envelope.dsn_envid;
    start.dsn_return = request.envelope.dsn_return;
    Planner planner(settings_, host_, looped);
    auto plan = co_await planner.plan(std::move(start));
    plan.relay = settings_.service;
    Execution execution(tools_, delivery, recipient, std::move(plan));
    co_await execution.run();
}

Task<void> Agent::deliver(delivery::Delivery& delivery)
{
    host_.refresh();
    const auto& request = delivery.request();
    // This host is always reached.
    delivery.set_health(ipc::delivery::Health::Ok);
    auto before = delivery::DeliveredTo::read(request.message.fd.number(), request.content.offset,
                                              request.content.size);
    if (!before) {
        auto outcome = delivery::outcome_of("4.3.0", before.error().text);
        outcome.relay = settings_.service;
        co_return delivery.settle_rest(outcome);
    }
    for (std::size_t i = 0; i < delivery.recipients(); ++i)
        co_await deliver_one(delivery, i, *before);
}

} // namespace local
