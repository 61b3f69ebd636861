// SPDX-License-Identifier: Apache-2.0
// From the scheduler's request to a delivery agent and back; see manager.h.
#include "lib/base/strings.h"
#include "lib/mail/delivery_line.h"
#include "lib/mail/verp.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using ipc::delivery::Health;

namespace {

// A descriptor that a request refers to and does not own; taken back however the request ends.
class Loan {
public:
    Loan(ipc::Descriptor& to, int descriptor) : to_(to) { to_.fd = base::Fd{descriptor}; }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { to_.fd.release(); }

private:
    ipc::Descriptor& to_;
};

mail::Outcome not_delivered(std::string dsn, std::string text)
{
    mail::Outcome outcome;
    outcome.status = mail::Status::Deferred;
    outcome.dsn = std::move(dsn);
    outcome.text = std::move(text);
    outcome.relay = "none";
    return outcome;
}

constexpr std::string_view no_transport = "mail transport unavailable";
constexpr std::string_view agent_failed = "unknown mail transport error";

} // namespace

Task<void> Manager::run_pump()
{
    while (!retired_) {
        bool more = handle_events();
        while (auto request = parts_.scheduler.next(now())) {
            more = true;
            deliveries_.spawn(deliver(std::move(*request)));
        }
        // What was done above may have made work without anybody waiting to be told.
        if (more)
            continue;
        co_await pump_wanted_.wait(base::Deadline::at(parts_.scheduler.deadline()));
    }
}

// True when there were any.
bool Manager::handle_events()
{
    auto events = parts_.scheduler.take_events();
    for (const auto& setback : events.setbacks)
        set_back(setback);
    for (const auto& id : events.refills) {
        if (auto found = active_.find(id); found != active_.end() && !retired_)
            deliveries_.spawn(refill(found->second));
    }
    for (const auto& completion : events.completed) {
        auto found = active_.find(completion.message);
        if (found != active_.end() && std::exchange(found->second->admitted, false))
            deliveries_.spawn(settle(found->second));
    }
    if (!events.completed.empty())
        intake_wanted_.notify();
    return !events.empty();
}

// `outcomes` outlives the task.
Task<void> Manager::label(std::vector<mail::Outcome>& outcomes)
{
    if (parts_.labels == nullptr)
        co_return;
    for (auto& outcome : outcomes)
        co_await parts_.labels->label(outcome);
}

void Manager::label_at_once(mail::Outcome& outcome)
{
    if (parts_.labels != nullptr)
        parts_.labels->label_by_rules(outcome);
}

// Tells those who count failures.
void Manager::report(const Active& message, const ActiveRecipient& recipient)
{
    if (parts_.reports != nullptr && !message->verifies)
        parts_.reports->note(message->id(), recipient.recipient.address, recipient.outcome);
}

std::string Manager::line_not_tried(const Active& message, const ActiveRecipient& recipient) const
{
    mail::DeliveryTimes times;
    times.arrival = message->message().envelope.arrival;
    times.activated = message->activated;
    times.started = times.connected = times.finished = wall();
    return mail::delivery_line(message->id(), recipient.recipient, recipient.outcome,
                               {.times = times, .probe = message->verifies});
}

// The line that an error agent would write for a recipient that nobody tried.
void Manager::log_not_tried(const Active& message, const ActiveRecipient& recipient)
{
    if (parts_.error_log != nullptr)
        parts_.error_log->write(base::LogLevel::Info,
                                base::printable(line_not_tried(message, recipient), true));
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
    bool transport = setback.kind == Setback::Kind::TransportDead;
    for (std::uint32_t number : setback.recipients) {
        auto& recipient = message->recipients.at(number);
        recipient.outcome =
            transport ? not_delivered("4.3.0", setback.reason)
                      : not_delivered(
                            "4.4.1", base::cat("delivery temporarily suspended: ", setback.reason));
        recipient.outcome.when = wall();
        label_at_once(recipient.outcome);
        recipient.set_back = true;
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
    if (!message->verp.empty() && deliver.recipients.size() == 1)
        deliver.envelope.sender =
            mail::verp_sender(deliver.envelope.sender, message->verp, deliver.recipients.front());
    deliver.activated = message->activated;
    deliver.queued_for = now() - message->activated_mono;
    deliver.trace = message->verifies;
    deliver.soft_bounce = parts_.notices.soft_bounce && !message->verifies;
    return deliver;
}

// A notice that cannot be delivered is told to nobody: it is kept instead, where that is wanted.
// False: it should be, and could not be.
Task<bool> Manager::keep_badmail(Active message, const std::vector<ActiveRecipient*>& failed)
{
    const std::string& sender = message->message().envelope.sender;
    const bool is_notice = sender.empty() || base::iequals(sender, parts_.notices.double_bounce);
    if (!parts_.keeps_badmail || !is_notice)
        co_return true;
    auto wire = make_request(message, DeliveryRequest{});
    wire.next_hop = failed.front()->outcome.text;
    for (const auto* recipient : failed)
        wire.recipients.push_back(recipient->recipient);
    Loan loan(wire.message, message->reader.descriptor());
    auto attempt = co_await parts_.agents.deliver("badmail", "badmail", wire);
    const auto& outcomes = attempt.delivered.outcomes;
    const bool kept = attempt.kind == Attempt::Kind::Answered && !outcomes.empty() &&
                      outcomes.front().status == mail::Status::Sent;
    if (!kept)
        warn(message->id(), base::cat("cannot keep an undeliverable notice: ",
                                      outcomes.empty() ? attempt.reason : outcomes.front().text));
    co_return kept;
}

Task<void> Manager::deliver(DeliveryRequest request)
{
    auto found = active_.find(request.message);
    if (found == active_.end()) {
        parts_.scheduler.finished(request.id, {}, {Verdict::Kind::Unknown, {}}, now());
        co_return;
    }
    Active message = found->second;
    parts_.begin_work();
    ++message->in_flight;
    auto wire = make_request(message, request);
    Loan loan(wire.message, message->reader.descriptor());
    auto attempt = co_await parts_.agents.deliver(request.transport, request.nexthop, wire);
    co_await label(attempt.delivered.outcomes);
    take_result(message, request, std::move(attempt));
    --message->in_flight;
    pump_wanted_.notify();
    if (retired_) {
        // What of it still waits is left, unlocked, to the next queue manager.
        handle_events();
        if (message->in_flight == 0 && !message->settling)
            active_.erase(message->id());
    }
    parts_.end_work();
}

static Verdict verdict_of(const Attempt& attempt)
{
    if (attempt.kind == Attempt::Kind::NoAgent)
        return {Verdict::Kind::TransportFailed, std::string(no_transport)};
    if (attempt.kind == Attempt::Kind::AgentFailed)
        return {Verdict::Kind::Unknown, {}};
    switch (attempt.delivered.health) {
    case Health::Ok: return {Verdict::Kind::Reached, {}};
    case Health::Unreachable: return {Verdict::Kind::PeerFailed, attempt.delivered.reason};
    case Health::Unknown: break;
    }
    return {Verdict::Kind::Unknown, {}};
}

void Manager::take_result(const Active& message, const DeliveryRequest& request, Attempt attempt)
{
    bool answered = attempt.kind == Attempt::Kind::Answered;
    auto& outcomes = attempt.delivered.outcomes;
    std::string_view why = attempt.kind == Attempt::Kind::NoAgent ? no_transport : agent_failed;
    std::vector<Fate> fates;
    for (std::size_t i = 0; i < request.recipients.size(); ++i) {
        auto& recipient = message->recipients.at(request.recipients[i]);
        recipient.outcome =
            answered ? std::move(outcomes.at(i)) : not_delivered("4.3.0", std::string(why));
        recipient.outcome.when = wall();
        label_at_once(recipient.outcome);
        if (!answered)
            log_not_tried(message, recipient);
        report(message, recipient);
        fates.push_back(recipient.outcome.final() ? Fate::Done : Fate::Deferred);
    }
    if (!answered)
        warn(message->id(), base::cat("transport ", request.transport, ": ", attempt.reason));
    for (std::uint32_t place : attempt.delivered.onward)
        if (answered && place < request.recipients.size())
            message->recipients.at(request.recipients[place]).onward = true;
    parts_.scheduler.finished(request.id, fates, verdict_of(attempt), now());
    // While others of the message are still under way, what is done is written down at once, so
    // that a crash does not deliver it again.
    bool alone = message->recipients.size() == request.recipients.size() &&
                 message->read == message->reader.layout().recipient_count;
    if (!alone)
        keep_results(message);
}

} // namespace qmgr
