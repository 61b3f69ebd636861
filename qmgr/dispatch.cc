// SPDX-License-Identifier: Apache-2.0
// From the scheduler's request to a delivery agent and back; see manager.h.
#include "lib/base/strings.h"
#include "lib/mail/delivery_line.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using ipc::delivery::Delivered;
using ipc::delivery::Health;

Task<void> Manager::run_pump()
{
    while (!retired_) {
        handle_events();
        while (auto request = parts_.scheduler.next(now()))
            deliveries_.spawn(deliver(std::move(*request)));
        handle_events();
        auto deadline = parts_.scheduler.deadline();
        co_await pump_wanted_.wait(base::Deadline::at(deadline));
    }
}

void Manager::handle_events()
{
    auto events = parts_.scheduler.take_events();
    for (const auto& setback : events.setbacks)
        set_back(setback);
    for (const auto& id : events.refills) {
        if (auto found = active_.find(id); found != active_.end())
            deliveries_.spawn(refill(found->second));
    }
    for (const auto& completion : events.completed) {
        if (auto found = active_.find(completion.message); found != active_.end())
            deliveries_.spawn(settle(found->second));
    }
    if (!events.completed.empty())
        intake_wanted_.notify();
}

// The line that an error agent would write for a recipient that nobody tried.
void Manager::log_not_tried(const Active& message, const ActiveRecipient& recipient)
{
    if (parts_.error_log == nullptr)
        return;
    mail::DeliveryTimes times;
    times.arrival = message->message().envelope.arrival;
    times.activated = message->activated;
    times.started = times.connected = times.finished = wall();
    auto line = mail::delivery_line(message->id(), recipient.recipient, recipient.outcome,
                                    {.times = times});
    parts_.error_log->write(base::LogLevel::Info, base::printable(line, true));
}

void Manager::set_back(const Setback& setback)
{
    auto found = active_.find(setback.message);
    if (found == active_.end())
        return;
    Active message = found->second;
    if (message->useful == base::MonoTime{} || setback.retry_at < message->useful)
        message->useful = setback.retry_at;
    if (setback.kind == Setback::Kind::Crowded)
        return;
    for (std::uint32_t number : setback.recipients) {
        auto& recipient = message->recipients.at(number);
        recipient.outcome = {mail::Status::Deferred,
                             setback.kind == Setback::Kind::TransportDead ? "4.3.0" : "4.4.1",
                             base::cat("delivery temporarily suspended: ", setback.reason),
                             "none",
                             {},
                             {},
                             wall()};
        log_not_tried(message, recipient);
    }
}

ipc::delivery::Deliver Manager::make_request(const Active& message, const DeliveryRequest& request)
{
    const auto& facts = message->reader.layout().content;
    ipc::delivery::Deliver deliver;
    deliver.queue_id = message->id();
    deliver.envelope = message->message().envelope;
    deliver.content = {.offset = message->reader.layout().content_offset,
                       .size = facts.size,
                       .longest_line = facts.longest_line,
                       .has_8bit = facts.has_8bit,
                       .has_8bit_header = facts.has_8bit_header,
                       .has_bare_newline = facts.has_bare_newline,
                       .has_dot_lines = facts.has_dot_lines,
                       .has_nul = facts.has_nul,
                       .ends_with_newline = facts.ends_with_newline};
    deliver.next_hop = request.nexthop;
    for (std::uint32_t number : request.recipients)
        deliver.recipients.push_back(message->recipients.at(number).recipient);
    deliver.activated = message->activated;
    deliver.queued_for = now() - message->activated_mono;
    return deliver;
}

Task<void> Manager::deliver(DeliveryRequest request)
{
    auto found = active_.find(request.message);
    if (found == active_.end())
        co_return;
    Active message = found->second;
    parts_.begin_work();
    ++message->in_flight;
    auto wire = make_request(message, request);
    base::Fd borrowed{message->reader.descriptor()};
    auto copy = borrowed.duplicate();
    borrowed.release();
    if (copy) {
        wire.message.fd = std::move(*copy);
        auto result =
            co_await parts_.agents.deliver(request.transport, request.nexthop, std::move(wire));
        take_result(message, request, std::move(result));
    } else {
        take_result(message, request, copy.error());
    }
    --message->in_flight;
    pump_wanted_.notify();
    if (retired_)
        handle_events();
    parts_.end_work();
}

static Verdict verdict_of(const base::Result<Delivered>& result)
{
    if (!result)
        return {Verdict::Kind::TransportFailed, result.error().text};
    switch (result->health) {
    case Health::Ok: return {Verdict::Kind::Reached, {}};
    case Health::Unreachable: return {Verdict::Kind::PeerFailed, result->reason};
    case Health::Unknown: break;
    }
    return {Verdict::Kind::Unknown, {}};
}

void Manager::take_result(const Active& message, const DeliveryRequest& request,
                          base::Result<Delivered> result)
{
    std::vector<Fate> fates;
    for (std::size_t i = 0; i < request.recipients.size(); ++i) {
        auto& recipient = message->recipients.at(request.recipients[i]);
        if (result) {
            recipient.outcome = std::move(result->outcomes[i]);
        } else {
            recipient.outcome = {mail::Status::Deferred,
                                 "4.3.0",
                                 "mail transport unavailable",
                                 "none",
                                 {},
                                 {},
                                 wall()};
            log_not_tried(message, recipient);
        }
        recipient.outcome.when = wall();
        fates.push_back(recipient.outcome.final() ? Fate::Done : Fate::Deferred);
    }
    if (!result)
        warn(message->id(), base::cat("transport ", request.transport, ": ", result.error().text));
    parts_.scheduler.finished(request.id, fates, verdict_of(result), now());
    // While others of the message are still under way, what is done is written down at once, so
    // that a crash does not deliver it again.
    bool alone = message->recipients.size() == request.recipients.size() &&
                 message->read == message->reader.layout().recipient_count;
    if (!alone)
        keep_results(message, false);
}

} // namespace qmgr
