// SPDX-License-Identifier: Apache-2.0
// Requests and outcomes of delivery agents; see agent.h.
#include "lib/delivery/agent.h"

#include "lib/base/log.h"
#include "lib/mail/delivery_line.h"

namespace delivery {

using ipc::delivery::Capacity;
using ipc::delivery::Deliver;
using ipc::delivery::Delivered;

Delivery::Delivery(Deliver request, const base::Clock& clock)
    : clock_(clock), request_(std::move(request)), outcomes_(request_.recipients.size()),
      unsettled_(request_.recipients.size())
{
}

void Delivery::tell(const mail::Recipient& shown, mail::Outcome& outcome, Passage passage) const
{
    mail::DeliveryTimes times;
    times.arrival = request_.envelope.arrival;
    times.activated = request_.activated;
    times.started = request_.activated + request_.queued_for;
    times.finished = clock_.wall();
    times.connected = std::max(times.started, passage.connected);
    if (outcome.status == mail::Status::Queued)
        outcome.status = mail::Status::Deferred;
    if (outcome.when == base::WallTime{})
        outcome.when = times.finished;
    const bool softened = request_.soft_bounce && outcome.status == mail::Status::Bounced;
    if (softened) {
        outcome.status = mail::Status::Deferred;
        if (!outcome.dsn.empty())
            outcome.dsn.front() = '4';
    }
    const mail::DeliveryLine line{times, passage.uses, softened, request_.trace};
    base::Log{}.put(base::LogLevel::Info,
                    mail::delivery_line(request_.queue_id, shown, outcome, line));
}

void Delivery::settle_told(std::size_t recipient, mail::Outcome outcome)
{
    if (settled(recipient))
        return;
    if (outcome.status == mail::Status::Queued)
        outcome.status = mail::Status::Deferred;
    if (outcome.when == base::WallTime{})
        outcome.when = clock_.wall();
    outcomes_[recipient] = std::move(outcome);
    --unsettled_;
}

void Delivery::settle(std::size_t recipient, mail::Outcome outcome, Passage passage)
{
    if (settled(recipient))
        return;
    tell(request_.recipients[recipient], outcome, passage);
    if (passage.onward && outcome.status == mail::Status::Sent)
        onward_.push_back(static_cast<std::uint32_t>(recipient));
    settle_told(recipient, std::move(outcome));
}

void Delivery::settle_rest(const mail::Outcome& outcome, Passage passage)
{
    for (std::size_t i = 0; i < recipients(); ++i)
        if (!settled(i))
            settle(i, outcome, passage);
}

void Delivery::set_health(ipc::delivery::Health health, std::string reason)
{
    health_ = health;
    reason_ = std::move(reason);
}

Delivered Delivery::finish()
{
    mail::Outcome forgotten;
    forgotten.status = mail::Status::Deferred;
    forgotten.dsn = "4.3.0";
    forgotten.text = "delivery was not completed";
    settle_rest(forgotten);
    return {std::move(outcomes_), health_, std::move(reason_), std::move(onward_)};
}

base::Task<base::Result<Capacity>> AgentServer::on(ipc::delivery::Announce)
{
    co_return Capacity{capacity_};
}

base::Task<base::Result<Delivered>> AgentServer::on(Deliver request)
{
    Delivery delivery(std::move(request), clock_);
    co_await agent_.deliver(delivery);
    co_return delivery.finish();
}

} // namespace delivery
