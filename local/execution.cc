// SPDX-License-Identifier: Apache-2.0
// Doing a plan; see execution.h.
#include "local/execution.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"

namespace local {

using base::Task;
using mail::Outcome;
using mail::Status;

namespace {

// What tells one delivery of a recipient from the others.
std::string key_of(const Part& part)
{
    const uid_t uid = part.user == nullptr ? 0 : part.user->uid;
    return base::cat(static_cast<int>(part.kind), " ", uid, " ", part.recipient.address, " ",
                     part.kind == Part::Kind::Settled ? part.outcome.text : part.text);
}

std::string forward_key(const mail::Recipient& recipient)
{
    return base::cat("forward ", recipient.address);
}

} // namespace

Execution::Execution(Tools tools, delivery::Delivery& delivery, std::size_t recipient, Plan plan)
    : tools_(tools), delivery_(delivery), recipient_(recipient), plan_(std::move(plan))
{
    const auto& request = delivery_.request();
    id_ = {request.queue_id, request.envelope.arrival, request.recipients[recipient].address};
}

Task<void> Execution::run()
{
    if (delivery_.request().trace)
        co_return settle_report();
    if (!is_single())
        done_ = tools_.progress.load(id_);
    for (const Part& part : plan_.parts)
        if (done_.count(key_of(part)) == 0)
            co_await do_part(part);
    for (Forward& forward : plan_.forwards)
        co_await do_forward(std::move(forward));
    if (!is_told_by_queue_manager())
        co_await tell_failures();
    finish();
}

// Whether the failure is that of the recipient the message came for, so that its return is no
// business of ours.
bool Execution::is_told_by_queue_manager() const
{
    if (!is_single() || failures_.empty() || waiting_)
        return false;
    const auto& [sender, group] = *failures_.begin();
    return sender == delivery_.request().envelope.sender &&
           group.reports.front().recipient.address == id_.recipient;
}

void Execution::note(const Part& part, Outcome outcome)
{
    switch (outcome.status) {
    case Status::Queued:
    case Status::Deferred:
        if (!waiting_)
            waiting_ = outcome;
        break;
    case Status::Bounced: {
        Failures& group = failures_[part.sender];
        group.sender = part.sender;
        group.envid = part.envid;
        group.dsn_return = part.dsn_return;
        group.reports.push_back({part.recipient, outcome});
        failed_.insert(key_of(part));
        break;
    }
    case Status::Sent:
    case Status::Expanded: done_.insert(key_of(part)); break;
    }
    last_ = std::move(outcome);
}

Task<void> Execution::do_part(const Part& part)
{
    bool logged = false;
    auto outcome = co_await tools_.deliverer.run(delivery_.request(), part, logged);
    if (!logged)
        co_await delivery_.tell(part.recipient, outcome);
    note(part, std::move(outcome));
}

// The line of a new message has the recipient that the old one came for.
Task<void> Execution::do_forward(Forward forward)
{
    std::erase_if(forward.recipients, [this](const auto& recipient) {
        return done_.count(forward_key(recipient)) != 0;
    });
    if (forward.recipients.empty())
        co_return;
    const auto& request = delivery_.request();
    auto outcome = co_await tools_.forwarder.send(request, forward);
    outcome.relay = plan_.relay;
    const mail::Recipient& shown = request.recipients[recipient_];
    co_await delivery_.tell(shown, outcome);
    if (outcome.status == Status::Sent) {
        for (const auto& recipient : forward.recipients)
            done_.insert(forward_key(recipient));
        last_ = std::move(outcome);
        co_return;
    }
    Part part;
    part.recipient = shown;
    part.sender = forward.sender;
    part.envid = forward.envid;
    part.dsn_return = forward.dsn_return;
    part.outcome = outcome;
    note(part, std::move(outcome));
}

Task<void> Execution::tell_failures()
{
    for (auto& [sender, failures] : failures_) {
        auto told = co_await tools_.notifier.notify(delivery_.request(), std::move(failures));
        if (told)
            continue;
        base::Log{}.warning(id_.queue_id, ": cannot send a notice: ", told.error().text);
        if (!waiting_)
            waiting_ = delivery::outcome_of("4.3.0", "cannot notify the sender");
        co_return;
    }
    done_.merge(failed_);
    if (!failures_.empty())
        last_.status = Status::Sent; // Nobody need be told again.
}

Outcome Execution::result() const
{
    Outcome outcome = last_;
    if (!plan_.expanded || outcome.status == Status::Bounced)
        return outcome;
    // RFC 3461 sections 5.2.7.1 and 5.2.7.3: a list has the message now; an alias is no end.
    outcome.status = plan_.list ? Status::Sent : Status::Expanded;
    outcome.dsn = "2.0.0";
    outcome.text = "alias expanded";
    return outcome;
}

void Execution::finish()
{
    if (waiting_) {
        if (!done_.empty())
            if (auto saved = tools_.progress.save(id_, done_); !saved)
                base::Log{}.warning(id_.queue_id, ": ", saved.error().text);
        return delivery_.settle_told(recipient_, std::move(*waiting_));
    }
    if (!is_single())
        tools_.progress.forget(id_);
    delivery_.settle_told(recipient_, result());
}

// Nothing is delivered: what would be is told.
void Execution::settle_report()
{
    Outcome outcome = delivery::outcome_of("2.0.0", {});
    outcome.relay = plan_.relay;
    if (is_single() && plan_.forwards.empty()) {
        const Part& part = plan_.parts.front();
        if (part.kind == Part::Kind::Settled)
            outcome = part.outcome;
        outcome.text = tools_.deliverer.describe(part);
    } else if (is_single() && plan_.forwards.front().recipients.size() == 1) {
        outcome.text = base::cat("forwards to ", plan_.forwards.front().recipients[0].address);
    } else if (!plan_.alias.empty()) {
        outcome.text = base::cat("aliased to ", plan_.alias);
    } else {
        outcome.text = base::cat("forward via file: ", plan_.forward);
    }
    delivery_.settle(recipient_, std::move(outcome));
}

} // namespace local
