// SPDX-License-Identifier: Apache-2.0
// Results: what a delivery teaches about its destination, dead destinations, flushes, and the end
// of messages.
#include <algorithm>

#include "lib/base/strings.h"
#include "qmgr/scheduler.h"

namespace qmgr {

namespace {

constexpr int most_doublings = 2; // Of minimal_backoff_time, for a destination that stays dead.

} // namespace

bool Scheduler::finished(RequestId id, std::span<const Fate> fates, const Verdict& verdict,
                         base::MonoTime now)
{
    const auto slot = static_cast<std::uint32_t>(id & 0xffffffffu);
    if (slot >= requests_.end() || requests_[slot].id != id || id == 0)
        return false;
    const Request request = requests_[slot];
    requests_.remove(slot);

    Destination& destination = destinations_[request.destination];
    Transport& transport = transports_[destination.transport];
    transport.share.finish(request.lane, request.round);
    --destination.in_flight;

    Active& active = messages_[request.message];
    const auto considered = fates.first(std::min<std::size_t>(fates.size(), request.recipients));
    const auto done =
        static_cast<std::uint32_t>(std::count(considered.begin(), considered.end(), Fate::Done));
    active.done += done;
    active.deferred += request.recipients - done;
    transport.recipients -= request.recipients;
    set_.recipients_out(request.recipients);

    const base::Duration pause = transport.settings.destination_rate_delay;
    if (pause > base::Duration{0}) {
        destination.resting = true;
        rests_.set(request.destination, now + pause);
    }
    judge(request.destination, verdict, now);
    index(request.destination);
    enroll(destination.transport);
    rest_or_idle(request.destination);
    active.outstanding -= request.recipients; // Last, so that the verdict cannot end the message.
    settle(request.message);
    return true;
}

void Scheduler::judge(std::uint32_t id, const Verdict& verdict, base::MonoTime now)
{
    switch (verdict.kind) {
    case Verdict::Kind::Reached: reached(destinations_[id]); return;
    case Verdict::Kind::PeerFailed: peer_failed(id, verdict.reason, now); return;
    case Verdict::Kind::TransportFailed:
        transport_failed(destinations_[id].transport, verdict.reason, now);
        return;
    case Verdict::Kind::Unknown: return;
    }
}

void Scheduler::reached(Destination& destination)
{
    const TransportSettings& settings = transports_[destination.transport].settings;
    if (destination.dead || destination.probing)
        destination.window = Window{settings.initial_destination_concurrency};
    else
        destination.window.succeeded(settings.positive_feedback,
                                     settings.destination_concurrency_limit);
    destination.dead = destination.probing = false;
    destination.deaths = 0;
    destination.peak = destination.in_flight;
    destination.reason.clear();
    stand(destination, Standing::Proven);
}

void Scheduler::peer_failed(std::uint32_t id, const std::string& reason, base::MonoTime now)
{
    Destination& destination = destinations_[id];
    if (destination.dead)
        return; // Started before it died.
    const Transport& transport = transports_[destination.transport];
    const TransportSettings& settings = transport.settings;
    const bool strict = destination.standing != Standing::Proven && transport.share.pressed();
    const int cohort =
        strict ? std::min(destination.peak, destination.window.size()) : destination.window.size();
    destination.reason = reason;
    stand(destination, Standing::Doubtful);
    destination.window.failed(settings.negative_feedback, cohort);
    const bool failed_probe = destination.probing && settings.failed_cohort_limit > 0;
    if (failed_probe || destination.window.exhausted(settings.failed_cohort_limit))
        die(id, now);
}

void Scheduler::die(std::uint32_t id, base::MonoTime now)
{
    Destination& destination = destinations_[id];
    const auto pause = limits_.minimal_backoff_time * (1 << destination.deaths);
    destination.deaths = std::min(destination.deaths + 1, most_doublings);
    if (destination.deaths == 1)
        destination.dead_since = now;
    destination.dead = true;
    destination.probing = false;
    destination.peak = 0;
    destination.window =
        Window{transports_[destination.transport].settings.initial_destination_concurrency};
    destination.dead_until =
        now + jitter_.spread(std::min(
                  pause, std::max(limits_.minimal_backoff_time, limits_.maximal_backoff_time)));
    Setback why;
    why.kind = Setback::Kind::DestinationDead;
    why.reason = destination.reason;
    why.retry_at = destination.dead_until;
    return_waiting(id, why);
}

// Looks at every destination: rare, and all of the transport's mail is concerned.
void Scheduler::transport_failed(std::uint32_t id, const std::string& reason, base::MonoTime now)
{
    Transport& transport = transports_[id];
    transport.dead_until = now + limits_.transport_retry_time;
    transport.reason = reason;
    Setback why;
    why.kind = Setback::Kind::TransportDead;
    why.reason = reason;
    why.retry_at = transport.dead_until;
    for (std::uint32_t i = 0; i < destinations_.end(); ++i)
        if (!destinations_[i].key.empty() && destinations_[i].transport == id &&
            destinations_[i].waiting() > 0)
            return_waiting(i, why);
}

// Everything that waits for the destination leaves memory.
void Scheduler::return_waiting(std::uint32_t id, const Setback& why)
{
    unindex(id);
    for (PeerQueue& queue : destinations_[id].queues) {
        const std::vector<PeerQueue::Entry> entries = std::exchange(queue.heap, {});
        for (const PeerQueue::Entry& entry : entries) {
            const Peer& peer = peers_[entry.peer];
            if (peer.order != entry.born || peer.waiting() == 0)
                continue;
            Setback back = why;
            const std::uint32_t message = peer.message;
            back.message = messages_[message].id;
            back.recipients.assign(peer.recipients.begin() + static_cast<std::ptrdiff_t>(peer.next),
                                   peer.recipients.end());
            events_.setbacks.push_back(std::move(back));
            release(entry.peer, true);
            settle(message);
        }
    }
    rest_or_idle(id);
}

// Takes what waits of a peer out of all counts.
void Scheduler::release(std::uint32_t id, bool deferred)
{
    Peer& peer = peers_[id];
    const std::uint32_t count = peer.waiting();
    Destination& destination = destinations_[peer.destination];
    Active& active = messages_[peer.message];
    peer.next = peer.recipients.size();
    PeerQueue& queue = destination.queues[at(peer.size)];
    queue.waiting -= count;
    if (queue.waiting == 0)
        queue.heap.clear();
    if (destination.standing != Standing::Proven)
        set_.doubtful_out(count);
    set_.recipients_out(count);
    transports_[destination.transport].recipients -= count;
    active.waiting -= count;
    active.outstanding -= count;
    active.deferred += deferred ? count : 0;
    leave_flow(peer.flow, std::exchange(peer.requests_left, 0));
}

// The end of a message, once nothing of it is in memory or still to be read.
void Scheduler::settle(std::uint32_t id)
{
    Active& active = messages_[id];
    if (active.outstanding > 0)
        return;
    if (active.unread > 0) {
        if (!std::exchange(active.refill_asked, true))
            events_.refills.push_back(active.id);
        refill_times_.drop(id);
        return;
    }
    events_.completed.push_back(Completion{active.id, active.done, active.deferred});
    for (const std::uint32_t peer : active.peers)
        peers_.remove(peer);
    refill_times_.drop(id);
    set_.message_out(active.source);
    message_ids_.erase(active.id);
    messages_.remove(id);
}

bool Scheduler::withdraw(std::string_view name)
{
    const auto found = message_ids_.find(std::string{name});
    if (found == message_ids_.end())
        return false;
    const std::uint32_t id = found->second;
    Active& active = messages_[id];
    active.unread = 0;
    for (const std::uint32_t peer : active.peers) {
        if (peers_[peer].waiting() == 0)
            continue;
        release(peer, false);
        index(peers_[peer].destination);
        rest_or_idle(peers_[peer].destination);
    }
    settle(id);
    return true;
}

void Scheduler::stand(Destination& destination, Standing standing)
{
    const bool was_doubtful = destination.standing != Standing::Proven;
    const bool is_doubtful = standing != Standing::Proven;
    destination.standing = standing;
    if (was_doubtful && !is_doubtful)
        set_.doubtful_out(destination.waiting());
    if (!was_doubtful && is_doubtful)
        set_.doubtful_in(destination.waiting());
}

// A destination with nothing to do joins the idle ones; the oldest of too many is forgotten.
void Scheduler::rest_or_idle(std::uint32_t id)
{
    Destination& destination = destinations_[id];
    const bool busy =
        destination.waiting() > 0 || destination.in_flight > 0 || destination.draft != none;
    if (busy || destination.idle)
        return;
    destination.idle = true;
    destination.older = newest_idle_;
    destination.newer = none;
    (newest_idle_ == none ? oldest_idle_ : destinations_[newest_idle_].newer) = id;
    newest_idle_ = id;
    ++idle_;
    if (idle_ > static_cast<std::uint32_t>(std::max(1, limits_.message_recipient_limit)))
        forget(oldest_idle_);
}

void Scheduler::unlink_idle(std::uint32_t id)
{
    Destination& destination = destinations_[id];
    if (!std::exchange(destination.idle, false))
        return;
    const std::uint32_t older = destination.older, newer = destination.newer;
    (older == none ? oldest_idle_ : destinations_[older].newer) = newer;
    (newer == none ? newest_idle_ : destinations_[newer].older) = older;
    --idle_;
    // As in Postfix, a queue that emptied begins again with its initial concurrency.
    if (destination.standing == Standing::Proven)
        destination.window =
            Window{transports_[destination.transport].settings.initial_destination_concurrency};
}

void Scheduler::forget(std::uint32_t id)
{
    unlink_idle(id);
    unindex(id);
    rests_.drop(id);
    destination_ids_.erase(destinations_[id].key);
    destinations_.remove(id);
}

// Forgets that a destination was dead or failed.
void Scheduler::forgive(std::uint32_t id)
{
    Destination& destination = destinations_[id];
    if (destination.standing != Standing::Doubtful && !destination.dead && !destination.probing)
        return;
    const TransportSettings& settings = transports_[destination.transport].settings;
    destination.dead = destination.probing = false;
    destination.deaths = 0;
    destination.peak = destination.in_flight;
    destination.window = Window{settings.initial_destination_concurrency};
    stand(destination,
          settings.destination_recipient_limit == 1 ? Standing::Proven : Standing::Unknown);
    index(id);
}

void Scheduler::flush_all()
{
    for (std::uint32_t id = 0; id < destinations_.end(); ++id)
        if (!destinations_[id].key.empty())
            forgive(id);
    for (Transport& transport : transports_)
        transport.dead_until = base::MonoTime{};
}

void Scheduler::flush_site(std::string_view nexthop)
{
    for (std::uint32_t id = 0; id < destinations_.end(); ++id)
        if (!destinations_[id].key.empty() && destinations_[id].nexthop == nexthop)
            forgive(id);
}

void Scheduler::flush_message(std::string_view name)
{
    const auto found = message_ids_.find(std::string{name});
    if (found == message_ids_.end())
        return;
    for (const std::uint32_t peer : messages_[found->second].peers)
        if (peers_[peer].waiting() > 0)
            forgive(peers_[peer].destination);
}

void Scheduler::set_capacity(std::string_view name, int capacity)
{
    const std::uint32_t id = transport_of(std::string{name});
    transports_[id].share.set_capacity(capacity);
    enroll(id);
}

Counts Scheduler::counts() const
{
    return Counts{set_.messages(), set_.recipients(), set_.doubtful_recipients(),
                  static_cast<std::uint32_t>(requests_.in_use()),
                  static_cast<std::uint32_t>(destinations_.in_use())};
}

} // namespace qmgr
