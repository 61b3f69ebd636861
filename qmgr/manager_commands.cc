// SPDX-License-Identifier: Apache-2.0
// What commands make the queue manager do; see manager.h.
#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/ipc/trigger.h"
#include "qmgr/manager.h"

namespace qmgr {

using ipc::qmgr::Change;
using queue::Queue;

static constexpr std::size_t query_batch = 1000;
// Sites that are being flushed at a time; more are refused.
static constexpr std::size_t flush_limit = 1000;

std::uint64_t Manager::flush_all()
{
    parts_.scheduler.flush_all();
    pump_wanted_.notify();
    if (parts_.index == nullptr)
        return 0;
    flushes_.clear(); // All of them and more.
    flushes_.push_back({});
    intake_wanted_.notify();
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
    std::erase_if(due_, [&](const Pickup& pickup) { return pickup.id == queue_id; });
    known_.insert(queue_id);
    due_.push_front({queue_id, Queue::Deferred, true});
    intake_wanted_.notify();
    return true;
}

std::uint64_t Manager::flush_site(const std::string& name)
{
    std::string site = base::lower(name);
    parts_.scheduler.flush_site(site);
    pump_wanted_.notify();
    bool wanted_already = std::any_of(flushes_.begin(), flushes_.end(), [&](const Flush& flush) {
        return flush.site == site && flush.after.empty();
    });
    if (site.empty() || parts_.index == nullptr || wanted_already || flushes_.size() >= flush_limit)
        return 0;
    std::uint64_t count = 0;
    std::string after;
    while (true) {
        auto ids = parts_.index->with(queue::IndexField::Domain, site, after, query_batch);
        if (!ids || ids->empty())
            break;
        after = ids->back();
        count += ids->size();
    }
    if (count > 0)
        flushes_.push_back({site, {}});
    intake_wanted_.notify();
    return count;
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

bool Manager::remove_at_rest(const mail::QueueId& id, Queue queue)
{
    auto removed = parts_.directories.remove(queue, id);
    if (!removed)
        warn(id, removed.error().text);
    else
        index_remove(id);
    return removed.ok();
}

bool Manager::requeue_at_rest(const mail::QueueId& id, Queue queue)
{
    auto moved = parts_.directories.requeue(id, queue);
    if (!moved)
        warn(id, moved.error().text);
    else
        index_remove(id);
    return moved.ok();
}

// For a message that was moved to maildrop after the command that wanted it has its answer; that
// command wakes pickup for the others. pickup also looks by itself now and then.
void Manager::wake_pickup()
{
    if (parts_.pickup_socket.empty())
        return;
    if (auto woken = ipc::trigger(parts_.pickup_socket, "W"); !woken)
        base::Log{}.warning(woken.error().text);
}

// A message that nobody works on: the change is made on its file.
bool Manager::change_at_rest(const mail::QueueId& id, Queue queue, Change change)
{
    if (change == Change::Delete)
        return remove_at_rest(id, queue);
    if (queue == Queue::Maildrop || queue == Queue::Corrupt)
        return false; // Not ours yet, or no more.
    bool held = queue == Queue::Hold;
    switch (change) {
    case Change::Delete: break;
    case Change::Hold: return !held && move_and_index(id, queue, Queue::Hold);
    case Change::Release: return held && move_and_index(id, Queue::Hold, Queue::Deferred);
    case Change::Requeue: return requeue_at_rest(id, queue);
    case Change::Expire: return note_expired(id, queue);
    case Change::ExpireRelease:
        if (!note_expired(id, queue))
            return false;
        if (held && !move_and_index(id, Queue::Hold, Queue::Deferred))
            return false;
        flush_message(id);
        return true;
    }
    return false;
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
    if (!noted) {
        warn(id, noted.error().text);
        return false;
    }
    auto entry = parts_.index == nullptr ? base::Result<queue::IndexEntry>(base::permanent(""))
                                         : parts_.index->find(id);
    if (entry) {
        entry->expired = true;
        index_put(*entry);
    }
    return true;
}

// With the index kept true. A released message is due at once.
bool Manager::move_and_index(const mail::QueueId& id, Queue from, Queue to)
{
    auto& directories = parts_.directories;
    auto moved = to == Queue::Deferred ? directories.defer(id, from, wall())
                                       : directories.move(id, from, to);
    if (!moved) {
        warn(id, moved.error().text);
        return false;
    }
    index_file(id, to);
    if (to == Queue::Deferred && known_.insert(id).second) {
        due_.push_back({id, Queue::Deferred});
        intake_wanted_.notify();
    }
    return true;
}

// Indexes a message as its file, now in `queue`, shows it.
void Manager::index_file(const mail::QueueId& id, Queue queue)
{
    auto& directories = parts_.directories;
    auto reader = queue::MessageReader::open(directories.disk(), directories.path(queue, id),
                                             queue::MessageReader::Check::Envelope);
    if (!reader)
        return; // Activation deals with what is wrong with it.
    auto entry = queue::index_entry(*reader, queue, wall());
    if (entry)
        index_put(*entry);
}

// A message in active that we have not taken up: is it an earlier queue manager's?
bool Manager::in_other_hands(const mail::QueueId& id)
{
    base::Fd file;
    auto& directories = parts_.directories;
    const std::string path = directories.path(Queue::Active, id);
    if (directories.disk().open(path, queue::Access::Read, file) != 0)
        return true;
    auto locked = base::try_lock(file.number());
    return !locked || !*locked;
}

bool Manager::change_active(const Active& message, Change change)
{
    switch (change) {
    case Change::Expire:
    case Change::ExpireRelease: {
        message->history.notes[static_cast<std::size_t>(queue::NoteKind::Expired)] = 1;
        // One writer at a time: the file's journal is already, or from now on, the message's own.
        if (!open_journal(message))
            return false;
        auto noted = message->journal->note(queue::NoteKind::Expired, 1);
        if (!noted)
            warn(message->id(), noted.error().text);
        return noted.ok();
    }
    case Change::Release: return false;
    case Change::Delete:
    case Change::Hold:
    case Change::Requeue: break;
    }
    message->wish = wish_for(change);
    // One that is still being routed, or whose round has ended, gets there by itself.
    if (message->admitted && parts_.scheduler.withdraw(message->id()))
        handle_events();
    pump_wanted_.notify();
    return true;
}

bool Manager::change(const std::string& queue_id, Change change)
{
    if (retired_)
        return false;
    if (auto found = active_.find(queue_id); found != active_.end())
        return change_active(Active(found->second), change);
    auto queue = parts_.directories.find(queue_id);
    if (!queue || (*queue == Queue::Active && in_other_hands(queue_id)))
        return false;
    return change_at_rest(queue_id, *queue, change);
}

} // namespace qmgr
