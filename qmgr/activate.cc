// SPDX-License-Identifier: Apache-2.0
// From a file to an active message; see manager.h.
#include <algorithm>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/verp.h"
#include "qmgr/content_filter.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using queue::MessageReader;
using queue::Queue;

namespace {

constexpr auto room_pause = std::chrono::milliseconds(200);
constexpr std::uint32_t routes_per_turn = 100; // Of the loop.

// Recipients of one message that are read at a time: so many of those that have room, that they do
// not crowd out each other while their destinations have yet to prove that they answer.
std::uint32_t portion_of(const Scheduler& scheduler)
{
    return std::max(1u, scheduler.portion() / 4);
}

} // namespace

void Manager::put_away(const mail::QueueId& id, std::string_view why)
{
    warn(id, base::cat("put into corrupt: ", why));
    if (auto away = parts_.directories.quarantine(Queue::Active, id); !away)
        warn(id, away.error().text);
}

// A message that is not where we thought needs no entry there either.
void Manager::forget_entry(const Pickup& pickup)
{
    if (pickup.from != Queue::Deferred)
        return;
    auto queue = parts_.directories.find(pickup.id);
    if (queue != Queue::Deferred && queue != Queue::Hold)
        index_remove(pickup.id);
}

// An earlier queue manager, or an agent that has outlived one, still works on it.
bool Manager::locked_elsewhere(const mail::QueueId& id, int descriptor)
{
    auto locked = base::try_lock(descriptor);
    if (locked && *locked) {
        locked_.erase(id);
        return false;
    }
    if (!locked)
        warn(id, locked.error().text);
    else if (locked_.insert(id).second)
        base::Log{}.info(id, ": skipped, still being delivered");
    look_again();
    return true;
}

base::Result<MessageReader> Manager::read(const Pickup& pickup)
{
    return MessageReader::open(parts_.directories.disk(),
                               parts_.directories.path(Queue::Active, pickup.id),
                               MessageReader::Check::Envelope, ::geteuid());
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
        else if (!moved)
            forget_entry(pickup);
        if (!moved)
            return nullptr;
    }
    auto reader = read(pickup);
    if (!reader && directories.find(pickup.id) != Queue::Active)
        return nullptr; // Its last queue manager has just finished it.
    if (!reader && !reader.error().temporary())
        put_away(pickup.id, reader.error().text);
    else if (!reader)
        warn(pickup.id, reader.error().text);
    if (!reader || locked_elsewhere(pickup.id, reader->descriptor()))
        return nullptr;
    auto sound = pickup.careful ? reader->check_content() : base::Result<void>{};
    if (!sound && !sound.error().temporary())
        put_away(pickup.id, sound.error().text);
    if (!sound)
        return nullptr;
    return std::make_shared<ActiveMessage>(std::move(*reader));
}

// Our own letters to the postmaster come back only when the postmaster cannot be reached.
bool Manager::discards(const Active& message, ActiveRecipient& recipient)
{
    const std::string& drop = parts_.notices.double_bounce;
    if (drop.empty() || !base::iequals(recipient.recipient.address, drop))
        return false;
    recipient.outcome = {mail::Status::Sent,
                         "2.0.0",
                         "undeliverable postmaster notification discarded",
                         "none",
                         {},
                         {},
                         wall()};
    base::Log{}.put(base::LogLevel::Info, line_not_tried(message, recipient));
    return true;
}

Task<std::optional<Target>> Manager::route(Active message, std::uint32_t number)
{
    auto& recipient = message->recipients.at(number);
    if (discards(message, recipient))
        co_return std::nullopt;
    const std::string_view filter = filter_of(message->message());
    base::Result<Route> route =
        filter_route(filter, recipient.recipient.address, parts_.filter_next_hop);
    if (filter.empty())
        route = co_await parts_.router.route(message->message().envelope.sender,
                                             recipient.recipient.address);
    if (!route) {
        bool temporary = route.error().temporary();
        give_up(message, recipient,
                {temporary ? mail::Status::Deferred : mail::Status::Bounced,
                 temporary ? "4.3.0" : "5.1.3",
                 route.error().text,
                 "none",
                 {},
                 {},
                 wall()});
        co_return std::nullopt;
    }
    recipient.recipient.address = route->address;
    recipient.next_hop = route->next_hop;
    std::string why_not;
    if (parts_.reports != nullptr)
        why_not = co_await parts_.reports->suppressed(route->address);
    if (!why_not.empty()) {
        suppress(message, recipient, std::move(why_not));
        co_return std::nullopt;
    }
    co_return Target{number, std::move(route->transport), std::move(route->next_hop),
                     std::move(route->address)};
}

// Nothing is sent to the recipient's address.
void Manager::suppress(const Active& message, ActiveRecipient& recipient, std::string why)
{
    recipient.held = parts_.reports->holds_suppressed();
    mail::Outcome outcome;
    outcome.status = recipient.held ? mail::Status::Deferred : mail::Status::Bounced;
    outcome.dsn = recipient.held ? "4.1.1" : "5.1.1";
    outcome.text = recipient.held ? base::cat(ipc::failures::held_text, why) : std::move(why);
    outcome.relay = "none";
    outcome.when = wall();
    outcome.failure = {mail::FailureClass::BadAddress, !recipient.held};
    give_up(message, recipient, std::move(outcome));
}

// The recipient is not tried.
void Manager::give_up(const Active& message, ActiveRecipient& recipient, mail::Outcome outcome)
{
    recipient.outcome = std::move(outcome);
    if (parts_.notices.soft_bounce && recipient.outcome.status == mail::Status::Bounced) {
        recipient.outcome.status = mail::Status::Deferred;
        recipient.outcome.dsn.front() = '4';
    }
    label_at_once(recipient.outcome);
    log_not_tried(message, recipient);
}

Task<std::vector<Target>> Manager::read_targets(Active message, std::uint32_t portion)
{
    std::vector<Target> targets;
    auto read = message->reader.next_recipients(portion);
    if (!read) {
        warn(message->id(), read.error().text);
        message->damaged = true;
        message->read = message->reader.layout().recipient_count;
        co_return targets;
    }
    std::optional<queue::JournalState> latest;
    for (auto& recipient : *read) {
        std::uint32_t number = message->read++;
        const auto& states = message->history.recipients;
        if (number < states.size() && states[number].done()) {
            if (auto owed = recall(message, number, recipient, latest))
                message->recipients.emplace(number, std::move(*owed));
            continue;
        }
        ActiveRecipient active;
        active.recipient = std::move(recipient);
        message->recipients.emplace(number, std::move(active));
        auto target = co_await route(message, number);
        if (target)
            targets.push_back(std::move(*target));
        if (message->read % routes_per_turn == 0)
            co_await events::yield(parts_.loop);
    }
    co_return targets;
}

// The delimiters that the message's copies get their senders with. Those that were bad from the
// start were refused; but the configuration changes.
std::string Manager::verp_of(const queue::Message& message) const
{
    const std::string_view asked = message.attribute(queue::attribute::verp);
    if (asked.empty())
        return {};
    if (message.envelope.sender.empty())
        warn(message.id, "ignoring VERP request for null sender");
    else if (!mail::are_verp_delimiters(asked, parts_.verp_filter))
        warn(message.id, base::cat("ignoring bad VERP request: \"", asked.substr(0, 100), "\""));
    else
        return std::string(asked);
    return {};
}

static std::uint32_t unread(const ActiveMessage& message)
{
    return message.reader.layout().recipient_count - message.read;
}

// False when a command or our retirement came between.
Task<bool> Manager::admit(Active message, Message admission)
{
    while (!retired_ && message->wish == Wish::Normal) {
        if (parts_.scheduler.admit(admission, now())) {
            message->admitted = true;
            pump_wanted_.notify();
            co_return true;
        }
        co_await intake_wanted_.wait(parts_.loop.clock().after(room_pause));
    }
    co_return false;
}

Task<void> Manager::activate(Pickup pickup)
{
    Active message = open(pickup);
    if (!message) // A later look at the directories finds what is still there.
        co_return;
    if (pickup.from == Queue::Deferred)
        index_remove(pickup.id);
    if (message->reader.has_journal()) {
        auto history = message->reader.journal(queue::JournalDetail::States);
        if (!history) { // What is done already is not known: nothing may be tried.
            warn(pickup.id, history.error().text);
            co_return;
        }
        message->history = std::move(*history);
    }
    const auto trace = message->message().attribute(queue::attribute::trace);
    message->verifies = trace == "verify";
    message->reports = trace == "record" && message->history.note(queue::NoteKind::ReportSent) == 0;
    message->warned = message->history.note(queue::NoteKind::WarningSent) != 0;
    message->verp = verp_of(message->message());
    take_expansions(*message);
    message->source = pickup.from == Queue::Deferred ? Source::Deferred : Source::Incoming;
    message->flush = pickup.flush;
    message->activated = wall();
    message->activated_mono = now();
    active_[message->id()] = message;
    const auto& envelope = message->message().envelope;
    base::Log{}.info(message->id(), ": from=<", mail::quote_address(envelope.sender),
                     ">, size=", message->reader.layout().content.size,
                     ", nrcpt=", message->reader.layout().recipient_count, " (queue active)");
    Message admission;
    admission.id = message->id();
    admission.sender = envelope.sender;
    admission.source = message->source;
    admission.flush = message->flush;
    admission.apart = !message->verp.empty();
    std::uint32_t portion = portion_of(parts_.scheduler);
    do {
        admission.targets = co_await read_targets(message, portion);
    } while (admission.targets.empty() && unread(*message) > 0);
    admission.unread = unread(*message);
    bool admitted = false;
    if (!admission.targets.empty())
        admitted = co_await admit(message, std::move(admission));
    if (!admitted && !retired_)
        deliveries_.spawn(settle(message));
}

Task<void> Manager::refill(Active message)
{
    auto targets = co_await read_targets(message, portion_of(parts_.scheduler));
    if (retired_)
        co_return;
    parts_.scheduler.add_recipients(message->id(), targets, unread(*message), now());
    pump_wanted_.notify();
}

} // namespace qmgr
