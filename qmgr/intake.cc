// SPDX-License-Identifier: Apache-2.0
// Which messages are to be taken up, and when; see manager.h.
#include <algorithm>

#include "lib/base/strings.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using queue::Queue;

namespace {

// Names of fresh messages in memory. What finds no place is seen by a scan of the directory.
constexpr std::size_t fresh_limit = 10'000;
constexpr std::size_t due_batch = 500;
constexpr std::size_t scan_step = 200; // Files between two turns of the loop.
constexpr std::size_t rebuild_step = 200;
constexpr auto rebuild_pause = std::chrono::milliseconds(5);
constexpr auto repair_pause = std::chrono::seconds(30);
constexpr auto look_pause = std::chrono::seconds(2);
// A file in incoming counts as safely on disk, or forgotten by cleanup, at this age.
constexpr auto young = std::chrono::seconds(5);
// For so long after the start news may have gone to the queue manager before this one.
constexpr auto handover = std::chrono::seconds(10);
constexpr auto room_pause = std::chrono::milliseconds(200);

} // namespace

void Manager::arrived(const std::string& queue_id)
{
    if (retired_ || !mail::is_queue_id(queue_id))
        return;
    if (fresh_.size() >= fresh_limit)
        return look_again();
    if (!known_.insert(queue_id).second)
        return;
    fresh_.push_back({queue_id, Queue::Incoming});
    intake_wanted_.notify();
}

// Comes back to incoming and active soon, and not at once.
void Manager::look_again()
{
    if (next_look_ != base::MonoTime::max())
        return;
    next_look_ = now() + look_pause;
    run_wanted_.notify();
}

// The youngest files may still be on their way to the disk: they are left for the next look, in
// case cleanup has to take them back.
void Manager::see_incoming(const mail::QueueId& id)
{
    if (known_.count(id) != 0)
        return;
    queue::FileStatus status;
    const std::string path = parts_.directories.path(Queue::Incoming, id);
    if (parts_.directories.disk().status(path, status) != 0)
        return;
    if (status.modified > wall() - young && status.modified <= wall())
        return look_again();
    known_.insert(id);
    fresh_.push_back({id, Queue::Incoming, false, !recovered_});
    intake_wanted_.notify();
}

// Messages that cleanup could not tell us about.
Task<void> Manager::scan_incoming()
{
    auto scan = parts_.directories.scan(Queue::Incoming);
    for (std::size_t seen = 1; !retired_; ++seen) {
        while (fresh_.size() >= fresh_limit && !retired_)
            co_await events::sleep(parts_.loop, room_pause);
        auto id = scan.next();
        if (!id)
            base::Log{}.warning(id.error().text);
        else if (!*id)
            co_return;
        else
            see_incoming(**id);
        if (seen % scan_step == 0)
            co_await events::yield(parts_.loop);
    }
}

Task<void> Manager::run_incoming()
{
    while (!retired_) {
        co_await scan_incoming();
        recovered_ = true;
        co_await incoming_wanted_.wait();
    }
}

// Messages that an earlier queue manager had taken up, or that could not be moved out of active.
void Manager::recover_active()
{
    auto scan = parts_.directories.scan(Queue::Active);
    while (true) {
        auto id = scan.next();
        if (!id) {
            base::Log{}.warning(id.error().text);
            continue;
        }
        if (!*id)
            return;
        if (active_.count(**id) == 0 && known_.insert(**id).second)
            fresh_.push_back({**id, Queue::Active, false, !recovered_});
    }
}

void Manager::begin_due_pass()
{
    due_cursor_ = {};
    due_until_ = wall();
    due_pass_ = true;
}

Task<void> Manager::run_queue()
{
    while (!retired_) {
        if (next_run_ <= now()) {
            next_run_ = now() + parts_.queue_run_delay;
            begin_due_pass();
        }
        if (next_parked_ <= now()) {
            next_parked_ = base::MonoTime::max();
            begin_due_pass();
        }
        next_look_ = base::MonoTime::max();
        if (now() < started_ + handover)
            look_again();
        recover_active();
        incoming_wanted_.notify();
        intake_wanted_.notify();
        auto next = [&] { return std::min({next_run_, next_look_, next_parked_}); };
        while (!retired_ && now() < next())
            co_await run_wanted_.wait(base::Deadline::at(next()));
    }
}

// The next part of what a flush asked for. In order of id, so that a message which fails again
// meanwhile is not met a second time.
std::vector<mail::QueueId> Manager::next_flushed()
{
    Flush& flush = flushes_.front();
    auto& index = *parts_.index;
    auto ids = flush.site.empty()
                   ? index.all(flush.after, due_batch)
                   : index.with(queue::IndexField::Domain, flush.site, flush.after, due_batch);
    if (!ids)
        base::Log{}.warning(ids.error().text);
    if (!ids || ids->empty()) {
        flushes_.pop_front();
        return {};
    }
    flush.after = ids->back();
    return std::move(*ids);
}

// The next part of what is due, in order of time.
std::vector<mail::QueueId> Manager::next_due()
{
    auto batch = parts_.index->due(due_cursor_, due_until_, due_batch);
    if (!batch)
        base::Log{}.warning(batch.error().text);
    due_pass_ = batch && batch->size() == due_batch;
    std::vector<mail::QueueId> ids;
    if (!batch || batch->empty())
        return ids;
    due_cursor_ = batch->back();
    for (auto& due : *batch)
        ids.push_back(std::move(due.id));
    return ids;
}

void Manager::load_due()
{
    while (due_.empty() && parts_.index != nullptr && (due_pass_ || !flushes_.empty())) {
        for (auto& id : flushes_.empty() ? next_due() : next_flushed()) {
            if (active_.count(id) == 0 && known_.insert(id).second)
                due_.push_back({std::move(id), Queue::Deferred});
        }
    }
}

Task<void> Manager::run_rebuild()
{
    if (parts_.index == nullptr)
        co_return;
    index_faulty_ = parts_.index->needs_rebuild();
    auto rebuild = std::make_unique<queue::IndexRebuild>(*parts_.index, parts_.directories);
    bool trouble = false;
    while (!retired_) {
        if (!index_faulty_) {
            co_await rebuild_wanted_.wait();
            continue;
        }
        auto done = rebuild->step(rebuild_step);
        if (!done)
            base::Log{}.warning("queue index: ", done.error().text);
        trouble = trouble || !done;
        auto pause = done ? base::Duration(rebuild_pause) : base::Duration(repair_pause);
        if (done && *done) {
            index_faulty_ = trouble;
            pause = trouble ? base::Duration(repair_pause) : base::Duration{0};
            if (!trouble && rebuild->indexed() > 0)
                base::Log{}.warning("queue index made anew: ", rebuild->indexed(), " messages");
            rebuild = std::make_unique<queue::IndexRebuild>(*parts_.index, parts_.directories);
            trouble = false;
            wakeup();
        }
        co_await events::sleep(parts_.loop, pause);
    }
}

std::optional<Manager::Pickup> Manager::pick()
{
    load_due();
    if (active_.size() >= parts_.active_limit)
        return std::nullopt;
    auto source = parts_.scheduler.intake(!fresh_.empty(), !due_.empty());
    if (!source)
        return std::nullopt;
    auto& from = *source == Source::Incoming ? fresh_ : due_;
    Pickup pickup = std::move(from.front());
    from.pop_front();
    return pickup;
}

Task<void> Manager::run_intake()
{
    while (!retired_) {
        auto pickup = pick();
        if (!pickup) {
            bool waiting = !fresh_.empty() || !due_.empty();
            co_await intake_wanted_.wait(waiting ? parts_.loop.clock().after(room_pause)
                                                 : base::Deadline::never());
            continue;
        }
        mail::QueueId id = pickup->id;
        co_await activate(std::move(*pickup));
        known_.erase(id);
        // Nothing above has to wait: the loop gets its turn all the same.
        co_await events::yield(parts_.loop);
    }
}

} // namespace qmgr
