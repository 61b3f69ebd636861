// SPDX-License-Identifier: Apache-2.0
// The end of a round for a message: remove it, return what failed, defer the rest; see manager.h.
#include <algorithm>

#include "lib/base/strings.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using mail::Status;
using queue::Queue;

static constexpr auto bounce_time = std::chrono::seconds(120);

// Writes outcomes that are not in the file yet. Failures are written only after their notice is
// safe (notify_failures): a crash before that must try again, not forget. False: nothing was kept.
bool Manager::keep_results(const Active& message, bool failures_too)
{
    std::vector<queue::Journal::Entry> entries;
    for (auto& [number, recipient] : message->recipients) {
        Status status = recipient.outcome.status;
        bool wait = status == Status::Queued || (status == Status::Bounced && !failures_too);
        if (!recipient.journaled && !wait)
            entries.push_back({number, recipient.outcome});
    }
    if (entries.empty())
        return true;
    if (!message->journal) {
        base::Fd file;
        std::string path = parts_.directories.path(Queue::Active, message->id());
        int failed = parts_.directories.disk().open(path, queue::Access::ReadWrite, file);
        auto state = message->reader.journal(queue::JournalDetail::States);
        if (failed != 0 || !state) {
            warn(message->id(), "cannot write results");
            return false;
        }
        message->journal = std::make_unique<queue::Journal>(parts_.directories.disk(),
                                                            std::move(file), std::move(*state));
    }
    if (auto written = message->journal->record(entries); !written) {
        warn(message->id(), written.error().text);
        return false;
    }
    for (const auto& entry : entries)
        message->recipients.at(entry.recipient).journaled = true;
    return true;
}

static bool has(const ActiveMessage& message, bool (*is)(Status))
{
    return std::any_of(message.recipients.begin(), message.recipients.end(),
                       [&](const auto& entry) { return is(entry.second.outcome.status); });
}
static bool is_waiting(Status status)
{
    return status == Status::Deferred || status == Status::Queued;
}
static bool is_failed(Status status)
{
    return status == Status::Bounced;
}

// A message that is too old, or was told to expire, is not tried again.
void Manager::expire_deferred(const Active& message)
{
    const auto& envelope = message->message().envelope;
    bool forced = message->history.note(queue::NoteKind::Expired) != 0;
    bool old = parts_.retry.expired(envelope.sender, envelope.arrival, wall());
    if ((!old && !forced) || !has(*message, is_waiting))
        return;
    base::Log{}.info(message->id(), ": from=<", envelope.sender,
                     ">, status=", forced ? "force-expired" : "expired", ", returned to sender");
    for (auto& [number, recipient] : message->recipients) {
        auto& outcome = recipient.outcome;
        if (!is_waiting(outcome.status))
            continue;
        outcome.status = Status::Bounced;
        if (outcome.text.empty())
            outcome = {Status::Bounced, "4.4.7", "message has expired", "none", {}, {}, wall()};
        recipient.journaled = false;
    }
}

Task<void> Manager::notify_failures(Active message)
{
    if (!has(*message, is_failed))
        co_return;
    ipc::bounce::Notify notify;
    base::Fd borrowed{message->reader.descriptor()};
    auto copy = borrowed.duplicate();
    borrowed.release();
    if (copy)
        notify.message.fd = std::move(*copy);
    notify.content_offset = message->reader.layout().content_offset;
    notify.content_size = message->reader.layout().content.size;
    notify.queue_id = message->id();
    notify.envelope = message->message().envelope;
    for (const auto& [number, recipient] : message->recipients) {
        if (is_failed(recipient.outcome.status))
            notify.reports.push_back({recipient.recipient, recipient.outcome});
    }
    auto notified =
        co_await bounce_.call(std::move(notify), parts_.loop.clock().after(bounce_time));
    if (notified)
        co_return;
    // The sender has not been told: these recipients stay, and the notice is tried again.
    warn(message->id(), base::cat("cannot notify the sender: ", notified.error().text));
    for (auto& [number, recipient] : message->recipients) {
        if (is_failed(recipient.outcome.status))
            recipient.outcome.status = Status::Deferred;
    }
}

queue::IndexEntry Manager::index_entry(const Active& message, base::WallTime next) const
{
    queue::IndexEntry entry;
    entry.id = message->id();
    entry.next_attempt = next;
    entry.arrival = message->message().envelope.arrival;
    entry.size = message->reader.layout().content.size;
    entry.sender = message->message().envelope.sender;
    for (const auto& [number, recipient] : message->recipients) {
        if (!is_waiting(recipient.outcome.status))
            continue;
        ++entry.recipient_count;
        if (entry.recipients.size() < queue::index_recipient_limit)
            entry.recipients.push_back(
                {recipient.recipient.address, recipient.next_hop, recipient.outcome.text});
    }
    return entry;
}

void Manager::defer(const Active& message)
{
    keep_results(message, true);   // The notice of what failed is out.
    if (parts_.index == nullptr) { // We are on our way out: the next queue manager goes on.
        auto moved = parts_.directories.move(message->id(), Queue::Active, Queue::Incoming);
        if (!moved)
            warn(message->id(), moved.error().text);
        return;
    }
    auto arrival = message->message().envelope.arrival;
    auto next = parts_.retry.next_attempt(arrival, wall());
    if (message->useful > now())
        next = parts_.retry.next_attempt(
            arrival, wall(),
            wall() + std::chrono::duration_cast<base::Duration>(message->useful - now()));
    auto moved = parts_.directories.defer(message->id(), Queue::Active, next);
    if (!moved)
        warn(message->id(), moved.error().text);
    if (moved) {
        if (auto put = parts_.index->put(index_entry(message, next)); !put)
            warn(message->id(), base::cat("queue index: ", put.error().text));
    }
}

void Manager::finish(const Active& message)
{
    auto removed = parts_.directories.remove(Queue::Active, message->id());
    if (removed)
        base::Log{}.info(message->id(), ": removed");
    else
        warn(message->id(), removed.error().text);
}

bool Manager::carry_out_wish(const Active& message)
{
    switch (message->wish) {
    case Wish::Normal: return false;
    case Wish::Delete: finish(message); return true;
    case Wish::Hold: {
        keep_results(message, false);
        auto moved = parts_.directories.move(message->id(), Queue::Active, Queue::Hold);
        if (!moved)
            warn(message->id(), moved.error().text);
        return true;
    }
    case Wish::Requeue: {
        keep_results(message, false);
        auto moved = parts_.directories.move(message->id(), Queue::Active, Queue::Incoming);
        if (!moved)
            warn(message->id(), moved.error().text);
        return true;
    }
    }
    return false;
}

Task<void> Manager::settle(Active message)
{
    parts_.begin_work();
    bool done = carry_out_wish(message);
    if (!done) {
        expire_deferred(message);
        co_await notify_failures(message);
        if (has(*message, is_waiting))
            defer(message);
        else
            finish(message);
    }
    active_.erase(message->id());
    intake_wanted_.notify();
    if (message->wish == Wish::Requeue)
        arrived(message->id());
    parts_.end_work();
}

} // namespace qmgr
