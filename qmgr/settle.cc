// SPDX-License-Identifier: Apache-2.0
// The end of a round for a message: remove it, return what failed, defer the rest; see manager.h.
#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using mail::Status;
using queue::Queue;

namespace {

// Before another attempt to change the file or its directory.
constexpr auto file_pause = std::chrono::seconds(10);

} // namespace

bool Manager::open_journal(const Active& message)
{
    if (message->journal)
        return true;
    base::Fd file;
    std::string path = parts_.directories.path(Queue::Active, message->id());
    int failed = parts_.directories.disk().open(path, queue::Access::ReadWrite, file);
    if (failed != 0) {
        warn(message->id(), base::system_error(base::cat("open ", path), failed).text);
        return false;
    }
    auto state = message->reader.journal(queue::JournalDetail::States);
    if (!state) {
        warn(message->id(), state.error().text);
        return false;
    }
    message->journal = std::make_unique<queue::Journal>(parts_.directories.disk(), std::move(file),
                                                        std::move(*state));
    return true;
}

static bool is_to_keep(const ActiveRecipient& recipient)
{
    Status status = recipient.outcome.status;
    return !recipient.journaled && status != Status::Queued &&
           (status != Status::Bounced || recipient.told);
}

// Writes outcomes that are not in the file yet. Failures are written only after their notice is
// safe: a crash before that must try again, not forget. False: nothing was kept.
bool Manager::keep_results(const Active& message)
{
    if (message->verifies)
        return true; // Nothing was delivered.
    std::vector<queue::Journal::Entry> entries;
    std::vector<std::uint32_t> onward;
    for (auto& [number, recipient] : message->recipients) {
        if (is_to_keep(recipient))
            entries.push_back({number, recipient.outcome});
    }
    if (entries.empty())
        return true;
    if (!open_journal(message))
        return false;
    if (auto written = message->journal->record(entries); !written) {
        warn(message->id(), written.error().text);
        return false;
    }
    for (const auto& entry : entries) {
        auto& recipient = message->recipients.at(entry.recipient);
        recipient.journaled = true;
        if (recipient.onward && (recipient.recipient.dsn_notify & mail::notify::success) != 0)
            onward.push_back(entry.recipient);
    }
    if (auto told = message->journal->tell(onward); !told)
        warn(message->id(), told.error().text);
    forget_finished(message);
    return true;
}

// One of a message's failures, whose own notice is safe.
void Manager::keep_told(const Active& message, std::uint32_t number, ActiveRecipient& recipient)
{
    if (!open_journal(message))
        return;
    if (auto written = message->journal->record(number, recipient.outcome); !written)
        return warn(message->id(), written.error().text);
    recipient.journaled = true;
}

// What is done need not be remembered: a list may have a hundred thousand recipients.
void Manager::forget_finished(const Active& message)
{
    if (message->reports)
        return;
    std::erase_if(message->recipients, [&](const auto& entry) {
        return entry.second.journaled && entry.second.outcome.final() &&
               !owes_success(*message, entry.second);
    });
}

static bool has(const ActiveMessage& message, bool (*is)(const ActiveRecipient&))
{
    return std::any_of(message.recipients.begin(), message.recipients.end(),
                       [&](const auto& entry) { return is(entry.second); });
}
static bool is_waiting(const ActiveRecipient& recipient)
{
    return !recipient.outcome.final();
}

// All who still wait are held.
static bool waits_for_release(const ActiveMessage& message)
{
    return has(message, is_waiting) && !has(message, [](const ActiveRecipient& recipient) {
               return is_waiting(recipient) && !recipient.held;
           });
}

// A message that is too old, or was told to expire, is not tried again.
void Manager::expire_deferred(const Active& message)
{
    const auto& envelope = message->message().envelope;
    bool forced = message->history.note(queue::NoteKind::Expired) != 0;
    bool old = parts_.retry.expired(envelope.sender, envelope.arrival, wall());
    // Who found no place was not tried, nor was who is held: age alone is no reason to give up.
    auto expires = [&](const ActiveRecipient& recipient) {
        return (recipient.outcome.status == Status::Deferred && (forced || !recipient.held)) ||
               (forced && recipient.outcome.status == Status::Queued);
    };
    bool any = std::any_of(message->recipients.begin(), message->recipients.end(),
                           [&](const auto& entry) { return expires(entry.second); });
    if ((!old && !forced) || !any)
        return;
    base::Log{}.info(message->id(), ": from=<", mail::quote_address(envelope.sender),
                     ">, status=", forced ? "force-expired" : "expired", ", returned to sender");
    for (auto& [number, recipient] : message->recipients) {
        auto& outcome = recipient.outcome;
        if (!expires(recipient))
            continue;
        outcome.status = Status::Bounced;
        if (outcome.text.empty())
            outcome = {Status::Bounced, "4.4.7", "message has expired", "none", {}, {}, wall()};
        label_at_once(outcome);
        report(message, recipient);
        recipient.journaled = false;
    }
}

static queue::IndexedRecipient indexed(const ActiveRecipient& recipient)
{
    const std::string& address = recipient.recipient.address;
    const bool routed = !recipient.next_hop.empty();
    return {address, routed ? recipient.next_hop : queue::domain_of(address),
            recipient.outcome.text, recipient.outcome.failure};
}

queue::IndexEntry Manager::index_entry(const Active& message, base::WallTime next) const
{
    queue::IndexEntry entry;
    entry.id = message->id();
    entry.next_attempt = next;
    entry.arrival = message->message().envelope.arrival;
    entry.size = message->reader.layout().content.size;
    entry.expired = message->history.note(queue::NoteKind::Expired) != 0;
    entry.sender = message->message().envelope.sender;
    for (const auto& [number, recipient] : message->recipients) {
        if (!is_waiting(recipient))
            continue;
        ++entry.recipient_count;
        if (entry.recipients.size() < queue::index_recipient_limit)
            entry.recipients.push_back(indexed(recipient));
    }
    return entry;
}

// An entry that is missing in the index would never be tried: the index is made anew then.
void Manager::index_put(const queue::IndexEntry& entry)
{
    if (parts_.index == nullptr)
        return;
    auto put = parts_.index->put(entry);
    if (put)
        return;
    warn(entry.id, put.error().text);
    index_faulty_ = true;
    rebuild_wanted_.notify();
}

void Manager::index_remove(const mail::QueueId& id)
{
    if (parts_.index == nullptr)
        return;
    if (auto removed = parts_.index->remove(id); !removed)
        warn(id, removed.error().text);
}

base::WallTime Manager::next_attempt(const Active& message)
{
    auto arrival = message->message().envelope.arrival;
    base::Duration until_useful = std::max(base::Duration{0}, message->useful - now());
    bool no_place = !has(*message, [](const ActiveRecipient& recipient) {
        return is_waiting(recipient) && recipient.outcome.status == Status::Deferred;
    });
    if (no_place) {
        bool again = message->source == Source::Deferred;
        auto when = again ? parts_.retry.no_place_again(arrival, wall(), wall() + until_useful)
                          : wall() + until_useful;
        next_parked_ = std::min(next_parked_, now() + (when - wall()));
        run_wanted_.notify();
        return when;
    }
    bool tried = has(*message, [](const ActiveRecipient& recipient) {
        return recipient.outcome.status == Status::Deferred && !recipient.set_back;
    });
    if (tried || until_useful == base::Duration{0})
        return parts_.retry.next_attempt(arrival, wall());
    return parts_.retry.next_attempt(arrival, wall(), wall() + until_useful);
}

bool Manager::defer(const Active& message)
{
    if (!keep_results(message))
        return false;
    if (parts_.index == nullptr) { // We are on our way out: the next queue manager goes on.
        auto moved = parts_.directories.move(message->id(), Queue::Active, Queue::Incoming);
        if (!moved)
            warn(message->id(), moved.error().text);
        return true;
    }
    auto next = next_attempt(message);
    auto moved = parts_.directories.defer(message->id(), Queue::Active, next);
    if (moved)
        index_put(index_entry(message, next));
    else
        warn(message->id(), moved.error().text);
    return moved || !moved.error().temporary();
}

bool Manager::finish(const Active& message)
{
    auto removed = parts_.directories.remove(Queue::Active, message->id());
    if (removed) {
        base::Log{}.info(message->id(), ": removed");
        return true;
    }
    warn(message->id(), removed.error().text);
    if (removed.error().temporary())
        keep_results(message); // What stays must at least not be delivered again.
    return !removed.error().temporary();
}

bool Manager::hold(const Active& message)
{
    if (!keep_results(message))
        return false;
    auto moved = parts_.directories.move(message->id(), Queue::Active, Queue::Hold);
    if (moved)
        index_file(message->id(), Queue::Hold);
    else
        warn(message->id(), moved.error().text);
    return moved || !moved.error().temporary();
}

// What cannot go to pickup begins anew here.
bool Manager::requeue(const Active& message)
{
    if (!keep_results(message))
        return false;
    const auto& id = message->id();
    auto moved = parts_.directories.requeue(id, Queue::Active);
    if (moved) {
        wake_pickup();
        return true;
    }
    warn(id, moved.error().text);
    return defer(message);
}

// The last step of a round. False: the disk would not let us, nothing is decided yet.
bool Manager::conclude(const Active& message)
{
    switch (message->wish) {
    case Wish::Delete: return finish(message);
    case Wish::Hold: return hold(message);
    case Wish::Requeue: break;
    case Wish::Normal: break;
    }
    if (message->damaged && keep_results(message)) {
        put_away(message->id(), "its recipients cannot be read");
        return true;
    }
    if (message->verified)
        return finish(message);
    if (!has(*message, is_waiting) && !owes_any(*message))
        return finish(message);
    if (message->wish == Wish::Requeue)
        return requeue(message);
    return waits_for_release(*message) && !owes_any(*message) ? hold(message) : defer(message);
}

Task<void> Manager::settle(Active message)
{
    if (std::exchange(message->settling, true))
        co_return;
    parts_.begin_work();
    if (message->wish == Wish::Normal || message->wish == Wish::Requeue)
        co_await notify(message);
    while (!conclude(message) && !retired_)
        co_await events::sleep(parts_.loop, file_pause);
    auto found = active_.find(message->id());
    if (found != active_.end() && found->second == message)
        active_.erase(found);
    intake_wanted_.notify();
    parts_.end_work();
}

} // namespace qmgr
