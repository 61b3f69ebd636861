// SPDX-License-Identifier: Apache-2.0
// Requests and outcomes of delivery agents; see agent.h.
#include "lib/delivery/agent.h"

#include "lib/base/log.h"
#include "lib/mail/delivery_line.h"

namespace delivery {

using ipc::delivery::Capacity;
using ipc::delivery::Deliver;
using ipc::delivery::Delivered;

Delivery::Delivery(Deliver request, const base::Clock& clock, const StatusFilter* filter)
    : clock_(clock), filter_(filter), request_(std::move(request)),
      outcomes_(request_.recipients.size()), unsettled_(request_.recipients.size())
{
}

// Softens what fails for good where that is wanted.
void Delivery::write_line(const mail::Recipient& shown, mail::Outcome& outcome,
                          const Passage& passage, base::WallTime finished) const
{
    mail::DeliveryTimes times;
    times.arrival = request_.envelope.arrival;
    times.activated = request_.activated;
    times.started = request_.activated + request_.queued_for;
    times.finished = finished;
    times.connected = std::max(times.started, passage.connected);
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

void Delivery::complete(mail::Outcome& outcome) const
{
    if (outcome.status == mail::Status::Queued)
        outcome.status = mail::Status::Deferred;
    if (outcome.when == base::WallTime{})
        outcome.when = clock_.wall();
}

base::Task<void> Delivery::tell(mail::Recipient shown, mail::Outcome& outcome) const
{
    complete(outcome);
    const base::WallTime finished = clock_.wall();
    if (filter_ != nullptr)
        co_await filter_->apply(outcome);
    write_line(shown, outcome, {}, finished);
}

void Delivery::settle_told(std::size_t recipient, mail::Outcome outcome)
{
    if (settled(recipient))
        return;
    complete(outcome);
    outcome.text.erase(outcome.text.find_last_not_of(' ') + 1); // Only the log shows those.
    outcomes_[recipient] = std::move(outcome);
    --unsettled_;
}

void Delivery::settle(std::size_t recipient, mail::Outcome outcome, Passage passage)
{
    if (settled(recipient))
        return;
    complete(outcome);
    if (filter_ != nullptr)
        held_.push_back({recipient, passage, clock_.wall()});
    else
        write_line(request_.recipients[recipient], outcome, passage, clock_.wall());
    if (passage.onward && outcome.status == mail::Status::Sent)
        onward_.push_back(static_cast<std::uint32_t>(recipient));
    settle_told(recipient, std::move(outcome));
}

void Delivery::settle_forgotten()
{
    mail::Outcome forgotten;
    forgotten.status = mail::Status::Deferred;
    forgotten.dsn = "4.3.0";
    forgotten.text = "delivery was not completed";
    settle_rest(forgotten);
}

base::Task<void> Delivery::release()
{
    settle_forgotten();
    for (const Held& held : held_) {
        mail::Outcome& outcome = outcomes_[held.recipient];
        co_await filter_->apply(outcome);
        write_line(request_.recipients[held.recipient], outcome, held.passage, held.finished);
    }
    held_.clear();
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
    settle_forgotten();
    return {std::move(outcomes_), health_, std::move(reason_), std::move(onward_)};
}

base::Task<base::Result<Capacity>> AgentServer::on(ipc::delivery::Announce)
{
    co_return Capacity{capacity_};
}

base::Task<base::Result<Delivered>> AgentServer::on(Deliver request)
{
    Delivery delivery(std::move(request), clock_, filter_);
    co_await agent_.deliver(delivery);
    co_await delivery.release();
    co_return delivery.finish();
}

} // namespace delivery
