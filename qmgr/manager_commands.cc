// SPDX-License-Identifier: Apache-2.0
// What commands make the queue manager do; see manager.h.
#include "lib/base/strings.h"
#include "qmgr/manager.h"

namespace qmgr {

using ipc::qmgr::Change;
using queue::Queue;

static constexpr std::size_t query_batch = 1000;

std::uint64_t Manager::flush_all()
{
    parts_.scheduler.flush_all();
    due_cursor_ = {};
    due_until_ = base::WallTime::max();
    due_pass_ = true;
    intake_wanted_.notify();
    pump_wanted_.notify();
    if (parts_.index == nullptr)
        return 0;
    auto count = parts_.index->count();
    return count ? *count : 0;
}

bool Manager::flush_message(const std::string& queue_id)
{
    if (active_.count(queue_id) != 0) {
        parts_.scheduler.flush_message(queue_id);
        pump_wanted_.notify();
        return true;
    }
    if (parts_.directories.find(queue_id) != Queue::Deferred)
        return false;
    if (known_.insert(queue_id).second)
        due_.push_front({queue_id, Queue::Deferred, true});
    intake_wanted_.notify();
    return true;
}

std::uint64_t Manager::flush_site(const std::string& site)
{
    parts_.scheduler.flush_site(base::lower(site));
    pump_wanted_.notify();
    std::uint64_t flushed = 0;
    std::string after;
    while (parts_.index != nullptr) {
        auto ids = parts_.index->with(queue::IndexField::Destination, site, after, query_batch);
        if (!ids || ids->empty())
            break;
        after = ids->back();
        for (const auto& id : *ids)
            flushed += flush_message(id) ? 1 : 0;
        if (ids->size() < query_batch)
            break;
    }
    return flushed;
}

static Wish wish_for(Change change)
{
    switch (change) {
    case Change::Delete: return Wish::Delete;
    case Change::Hold: return Wish::Hold;
    case Change::Requeue: return Wish::Requeue;
    case Change::Release:
    case Change::Expire:
    case Change::ExpireRelease: break;
    }
    return Wish::Normal;
}

// A message that nobody works on: the change is made on its file.
bool Manager::change_at_rest(const mail::QueueId& id, Queue queue, Change change)
{
    auto& directories = parts_.directories;
    base::Result<void> done;
    bool indexed = queue == Queue::Deferred || queue == Queue::Hold;
    switch (change) {
    case Change::Delete: done = directories.remove(queue, id); break;
    case Change::Hold: return queue != Queue::Hold && move_and_index(id, queue, Queue::Hold);
    case Change::Release:
        return queue == Queue::Hold && move_and_index(id, Queue::Hold, Queue::Deferred);
    case Change::Requeue: done = directories.move(id, queue, Queue::Incoming); break;
    case Change::Expire: return note_expired(id, queue);
    case Change::ExpireRelease: {
        if (!note_expired(id, queue))
            return false;
        if (queue == Queue::Hold && !move_and_index(id, Queue::Hold, Queue::Deferred))
            return false;
        flush_message(id);
        return true;
    }
    }
    if (!done) {
        warn(id, done.error().text);
        return false;
    }
    if (indexed && parts_.index != nullptr) {
        if (auto removed = parts_.index->remove(id); !removed)
            warn(id, removed.error().text);
    }
    if (change == Change::Requeue)
        arrived(id);
    return true;
}

bool Manager::note_expired(const mail::QueueId& id, Queue queue)
{
    auto& disk = parts_.directories.disk();
    base::Fd file;
    if (disk.open(parts_.directories.path(queue, id), queue::Access::ReadWrite, file) != 0)
        return false;
    auto reader =
        queue::MessageReader::open(disk, std::move(file), queue::MessageReader::Check::Envelope);
    if (!reader)
        return false;
    auto state = reader->journal(queue::JournalDetail::States);
    if (!state)
        return false;
    queue::Journal journal(disk, reader->release(), std::move(*state));
    auto noted = journal.note(queue::NoteKind::Expired, 1);
    if (!noted)
        warn(id, noted.error().text);
    return noted.ok();
}

// Between deferred and hold, with the index kept true. A released message is due at once.
bool Manager::move_and_index(const mail::QueueId& id, Queue from, Queue to)
{
    auto& directories = parts_.directories;
    auto moved = to == Queue::Deferred ? directories.defer(id, from, wall())
                                       : directories.move(id, from, to);
    if (!moved) {
        warn(id, moved.error().text);
        return false;
    }
    if (parts_.index == nullptr)
        return true;
    auto reader = queue::MessageReader::open(directories.disk(), directories.path(to, id),
                                             queue::MessageReader::Check::Envelope);
    if (!reader)
        return true; // Activation deals with what is wrong with it.
    auto entry = queue::index_entry(*reader, to, wall());
    if (entry) {
        if (auto put = parts_.index->put(*entry); !put)
            warn(id, put.error().text);
    }
    if (to == Queue::Deferred && known_.insert(id).second) {
        due_.push_back({id, Queue::Deferred, false});
        intake_wanted_.notify();
    }
    return true;
}

bool Manager::change(const std::string& queue_id, Change change)
{
    auto found = active_.find(queue_id);
    if (found == active_.end()) {
        auto queue = parts_.directories.find(queue_id);
        return queue && *queue != Queue::Active && change_at_rest(queue_id, *queue, change);
    }
    Active message = found->second;
    if (change == Change::Expire || change == Change::ExpireRelease) {
        message->history.notes[static_cast<std::size_t>(queue::NoteKind::Expired)] = 1;
        return note_expired(queue_id, Queue::Active);
    }
    if (change == Change::Release)
        return false;
    message->wish = wish_for(change);
    parts_.scheduler.withdraw(queue_id);
    if (message->in_flight == 0)
        deliveries_.spawn(settle(message));
    pump_wanted_.notify();
    return true;
}

std::string Manager::explain(const std::string& subject)
{
    return parts_.scheduler.explain_message(subject, now());
}

} // namespace qmgr
