// SPDX-License-Identifier: Apache-2.0
// From a file to an active message; see manager.h.
#include <algorithm>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using queue::Queue;

namespace {

constexpr std::size_t due_batch = 500;
constexpr std::size_t rebuild_step = 200;
constexpr auto rebuild_pause = std::chrono::milliseconds(5);
constexpr base::Duration locked_pause = std::chrono::seconds(2);
// A file in incoming counts as safely on disk, or forgotten by cleanup, at this age.
constexpr auto young = std::chrono::seconds(5);
constexpr auto room_pause = std::chrono::milliseconds(200);

} // namespace

void Manager::arrived(const std::string& queue_id)
{
    if (retired_ || !mail::is_queue_id(queue_id) || !known_.insert(queue_id).second)
        return;
    fresh_.push_back({queue_id, Queue::Incoming, false});
    intake_wanted_.notify();
}

// Messages that cleanup could not tell us about. The youngest may still be on their way to the
// disk: they are left for the next look, in case cleanup has to take them back.
void Manager::scan_incoming()
{
    auto& directories = parts_.directories;
    auto scan = directories.scan(Queue::Incoming);
    auto settled = wall() - young;
    while (true) {
        auto id = scan.next();
        if (!id) {
            base::Log{}.warning(id.error().text);
            continue;
        }
        if (!*id)
            return;
        queue::FileStatus status;
        bool gone = directories.disk().status(directories.path(Queue::Incoming, **id), status) != 0;
        bool fresh = !gone && status.modified > settled && status.modified <= wall();
        look_again_ = look_again_ || fresh;
        if (!gone && !fresh)
            arrived(**id);
    }
}

// Messages that an earlier queue manager had taken up.
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
            fresh_.push_back({**id, Queue::Active, false});
    }
}

// The next deferred messages that are due, in order of time.
void Manager::load_due()
{
    if (!due_pass_ || !due_.empty() || parts_.index == nullptr)
        return;
    auto batch = parts_.index->due(due_cursor_, due_until_, due_batch);
    if (!batch) {
        base::Log{}.warning("queue index: ", batch.error().text);
        due_pass_ = false;
        return;
    }
    due_pass_ = batch->size() == due_batch;
    for (auto& due : *batch) {
        due_cursor_ = due;
        if (active_.count(due.id) == 0 && known_.insert(due.id).second)
            due_.push_back({std::move(due.id), Queue::Deferred, false});
    }
}

bool Manager::deferred_waits()
{
    load_due();
    return !due_.empty();
}

Task<void> Manager::run_queue()
{
    while (!retired_) {
        recover_active();
        scan_incoming();
        due_cursor_ = {};
        due_until_ = wall();
        due_pass_ = true;
        intake_wanted_.notify();
        auto pause = std::exchange(look_again_, false) ? locked_pause : parts_.queue_run_delay;
        co_await run_wanted_.wait(parts_.loop.clock().after(pause));
    }
}

Task<void> Manager::run_rebuild()
{
    if (parts_.index == nullptr || !parts_.index->needs_rebuild())
        co_return;
    queue::IndexRebuild rebuild(*parts_.index, parts_.directories);
    while (!retired_) {
        auto done = rebuild.step(rebuild_step);
        if (!done)
            base::Log{}.warning("queue index: ", done.error().text);
        if (!done || *done)
            break;
        co_await events::sleep(parts_.loop, rebuild_pause);
    }
    if (retired_)
        co_return;
    parts_.index->set_complete();
    if (rebuild.indexed() > 0)
        base::Log{}.info("queue index made anew: ", rebuild.indexed(), " messages");
    run_wanted_.notify();
}

std::optional<Manager::Pickup> Manager::pick()
{
    auto source = parts_.scheduler.intake(!fresh_.empty(), deferred_waits());
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
    }
}

// Opens and locks the file, now in active. Null when it is gone, damaged (put away), or still being
// worked on by an earlier queue manager (looked at again later).
Manager::Active Manager::open(const Pickup& pickup)
{
    auto& directories = parts_.directories;
    if (pickup.from != Queue::Active) {
        auto moved = directories.move(pickup.id, pickup.from, Queue::Active);
        if (!moved && moved.error().temporary())
            warn(pickup.id, moved.error().text);
        if (!moved)
            return nullptr;
    }
    using Check = queue::MessageReader::Check;
    auto reader =
        queue::MessageReader::open(directories.disk(), directories.path(Queue::Active, pickup.id),
                                   recovering_ ? Check::Content : Check::Envelope, ::geteuid());
    if (!reader && !reader.error().temporary()) {
        warn(pickup.id, base::cat("put into corrupt: ", reader.error().text));
        if (auto away = directories.quarantine(Queue::Active, pickup.id); !away)
            warn(pickup.id, away.error().text);
        return nullptr;
    }
    if (!reader) {
        warn(pickup.id, reader.error().text);
        return nullptr;
    }
    auto locked = base::try_lock(reader->descriptor());
    if (!locked || !*locked) {
        base::Log{}.info(pickup.id, ": skipped, still being delivered");
        look_again_ = true;
        run_wanted_.notify();
        return nullptr;
    }
    auto message = std::make_shared<ActiveMessage>(std::move(*reader));
    if (message->id() != pickup.id) {
        warn(pickup.id, base::cat("put into corrupt: the file is that of ", message->id()));
        if (auto away = directories.quarantine(Queue::Active, pickup.id); !away)
            warn(pickup.id, away.error().text);
        return nullptr;
    }
    return message;
}

Task<std::optional<Target>> Manager::route(Active message, std::uint32_t number)
{
    auto& recipient = message->recipients.at(number);
    auto route = co_await parts_.router.route(message->message().envelope.sender,
                                              recipient.recipient.address);
    if (route) {
        recipient.recipient.address = route->address;
        recipient.next_hop = route->next_hop;
        co_return Target{number, std::move(route->transport), std::move(route->next_hop),
                         std::move(route->address)};
    }
    bool temporary = route.error().temporary();
    recipient.outcome = {temporary ? mail::Status::Deferred : mail::Status::Bounced,
                         temporary ? "4.3.0" : "5.1.0",
                         route.error().text,
                         "none",
                         {},
                         {},
                         wall()};
    log_not_tried(message, recipient);
    co_return std::nullopt;
}

Task<std::vector<Target>> Manager::read_targets(Active message, std::uint32_t portion)
{
    std::vector<Target> targets;
    auto read = message->reader.next_recipients(portion);
    if (!read) {
        warn(message->id(), read.error().text);
        co_return targets;
    }
    for (auto& recipient : *read) {
        std::uint32_t number = message->read++;
        const auto& states = message->history.recipients;
        if (number < states.size() && states[number].done())
            continue;
        message->recipients.emplace(number, ActiveRecipient{std::move(recipient), {}, {}, false});
        auto target = co_await route(message, number);
        if (target)
            targets.push_back(std::move(*target));
    }
    co_return targets;
}

static std::uint32_t unread(const ActiveMessage& message)
{
    return message.reader.layout().recipient_count - message.read;
}

Task<void> Manager::activate(Pickup pickup)
{
    Active message = open(pickup);
    if (!message) {
        // Whatever the reason, a later look at the directories finds what is still there.
        co_return;
    }
    bool known_before = pickup.from != Queue::Incoming;
    if (known_before && parts_.index != nullptr) {
        if (auto removed = parts_.index->remove(pickup.id); !removed)
            warn(pickup.id, removed.error().text);
    }
    auto history = message->reader.journal(queue::JournalDetail::States);
    if (history)
        message->history = std::move(*history);
    message->source = pickup.from == Queue::Deferred ? Source::Deferred : Source::Incoming;
    message->flush = pickup.flush;
    message->activated = wall();
    message->activated_mono = now();
    active_[message->id()] = message;
    const auto& envelope = message->message().envelope;
    base::Log{}.info(message->id(), ": from=<", envelope.sender,
                     ">, size=", message->reader.layout().content.size,
                     ", nrcpt=", message->reader.layout().recipient_count, " (queue active)");
    std::uint32_t portion = std::max(1u, parts_.scheduler.portion());
    Message admission;
    admission.id = message->id();
    admission.sender = envelope.sender;
    admission.source = message->source;
    admission.flush = message->flush;
    do {
        admission.targets = co_await read_targets(message, portion);
    } while (admission.targets.empty() && unread(*message) > 0);
    admission.unread = unread(*message);
    if (admission.targets.empty()) {
        deliveries_.spawn(settle(message));
        co_return;
    }
    while (!parts_.scheduler.admit(admission, now())) {
        co_await events::sleep(parts_.loop, room_pause);
        if (retired_)
            co_return;
    }
    pump_wanted_.notify();
}

Task<void> Manager::refill(Active message)
{
    auto targets = co_await read_targets(message, std::max(1u, parts_.scheduler.portion()));
    parts_.scheduler.add_recipients(message->id(), targets, unread(*message), now());
    pump_wanted_.notify();
}

} // namespace qmgr
