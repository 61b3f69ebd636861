// SPDX-License-Identifier: Apache-2.0
// The order of delivery: what next() decides, and why.
//
// WHAT IS SHARED. Two things are scarce: delivery slots of the agents (`capacity` per transport)
// and places in the active set. Mail for a host that does not answer takes a slot for 30 seconds
// and gives nothing back. 20,000 such messages would hold everything; so the rules below bound
// what destinations may hold that have not proved that they answer. A destination is
//     Unknown   never answered, never failed;
//     Doubtful  failed since its last success;
//     Proven    answered last time. Remembered after its queue has emptied (idle destinations, up
//               to qmgr_message_recipient_limit of them, oldest forgotten first).
// Where destination_recipient_limit is 1 the destinations are mailboxes behind one door: they
// start Proven, because to suspect each new mailbox would only slow the healthy store.
//
// SLOTS (agent_share.*). Doubtful and Unknown destinations together never hold more than 70% of a
// transport's slots: 20% as backlog, 50% as first contacts. Proven ones may use whatever is free,
// so at least 30% is theirs in any storm, and more unless the storm blows without pause. The
// backlog has 5% before proven mail, so that a busy host still learns which destinations live.
//   An Unknown destination looks the same whether it is healthy or dead, so no share alone saves a
// healthy newcomer from a crowd of dead ones. Three rules do:
//   - A first contact is due to fresh mail only, never to a retry. Retries go by the backlog.
//   - Time is cut into rounds of a second. In one round at most a quarter of the newcomer slots
//   that
//     were free at its beginning can be taken and kept; an answer within the round gives the slot
//     back. A burst of dead newcomers, however large, sees at most three rounds and leaves two
//     fifths of them free for those who come later.
//   - The newest newcomer goes first, and who has not been served within 1.5 s joins the
//     backlog. A burst is in its own way, not in that of mail that comes after it.
// A destination that has one delivery under way without an answer yet is no newcomer any more: up
// to its initial concurrency it may use backlog slots, if there are any. So the slow start is one
// when slots are short, and *_initial_destination_concurrency when they are not.
//
// DEAD DESTINATIONS (scheduler_finish.cc). The window and pseudo-cohorts are Postfix's (window.h).
// Only when more than half of the backlog share is in use, failures of a destination that never
// answered count against the concurrency it really had, so that it needs one attempt to be
// declared dead and not five. Dead means: all that waits comes back at once as deferred, what
// arrives is refused at admission, for minimal_backoff_time, doubled with each failed probe up to
// four times that, with jitter. (Postfix does not double; a host that never answers would cost a
// slot for a tenth of all time.) Then one delivery, the probe, goes by the backlog; what arrives
// meanwhile waits. Success opens the window anew at its initial size.
//
// PLACES (active_set.*). Recipients that wait for destinations that are not Proven hold at most
// half of qmgr_message_recipient_limit, and one such destination at most a quarter of what is left
// of that half; the first fresh recipient of a destination may go up to three quarters of the
// whole. A Proven destination, which may be slow, holds at most as much as is free for the rest.
// Who finds no place is sent back as Crowded: its file stays in the queue, nothing is logged.
// Deferred mail holds at most half of the messages; the two queues are read in turn.
//
// ORDER (scheduler_lines.cc). Within a lane, destinations are served by start-time fair queueing:
// the transport has a virtual clock; mail gets the clock's time when it comes in; a destination
// that is served moves behind the others by one. So a destination with thousands of messages and
// one with a single message alternate. Ties go by arrival. Small mail and bulk are kept apart. A
// delivery is small when its sender has at most
//     delivery_slot_cost * minimum_delivery_slots + delivery_slot_loan
// requests waiting for the transport, these included: so neither a list nor a thousand messages of
// one sender is small. Within bulk each sender is a flow with consecutive times, so that two lists
// alternate and the shorter one ends early whoever came first. While both wait, small goes first,
// but one of every
//     1 + max(1, 40 * delivery_slot_discount / 100 / delivery_slot_cost)   (default: 5)
// deliveries is bulk, in each lane and at each destination, so bulk always moves. Compared with
// Postfix's slot accounting: the parameters pull the same way (greater cost: less passing; cost 0:
// arrival order; loan and minimum: what counts as small; greater discount: more passing), a small
// message never waits until a list has earned its slots, and the guarantee does not depend on
// which of many jobs is being preempted; every step is O(log n).
//
// A message's recipients for one transport, Postfix's job, exist only while they are admitted, to
// be counted; what lasts is the peer, a message's recipients for one destination.
//
// WHAT ACTS OTHERWISE. *_recipient_refill_limit and _delay are those of the message's first
// transport. *_extra_recipient_limit is room for small messages above *_recipient_limit.
#include "qmgr/scheduler.h"

#include <algorithm>

namespace qmgr {

namespace {

constexpr base::Duration contact_grace = AgentShare::round_length * 3 / 2;

} // namespace

Scheduler::Transport::Transport(std::string_view called, const TransportSettings& resolved,
                                ReadyDestinations::PlacesBySize& places)
    : name(called), settings(resolved), share(resolved.capacity), ready(places)
{
}

int Scheduler::Transport::bulk_every() const
{
    if (settings.delivery_slot_cost <= 0)
        return 1;
    return 1 +
           std::max(1, 40 * settings.delivery_slot_discount / 100 / settings.delivery_slot_cost);
}

Scheduler::Scheduler(const QueueLimits& limits, TransportCatalog& catalog, std::uint64_t seed)
    : limits_(limits), catalog_(catalog), jitter_(seed), set_(limits)
{
    // Sparse from the start: growing under load would be felt.
    for (Ids* ids : {&message_ids_, &flow_ids_, &destination_ids_}) {
        ids->max_load_factor(0.5f);
        ids->reserve(static_cast<std::size_t>(
            std::max(0, std::min(limits.message_active_limit, limits.message_recipient_limit))));
    }
}

std::optional<DeliveryRequest> Scheduler::next(base::MonoTime now)
{
    wake(now);
    while (!turn_.empty()) {
        const std::uint32_t transport = turn_.front();
        turn_.pop_front();
        if (const auto lane = choose_lane(transport, now)) {
            turn_.push_back(transport);
            return dispatch(transport, *lane, now);
        }
        transports_[transport].in_turn = false;
    }
    return std::nullopt;
}

base::MonoTime Scheduler::deadline() const
{
    base::MonoTime when = base::MonoTime::max();
    for (const auto* timers : {&rests_, &wakes_, &refill_times_})
        if (!timers->empty())
            when = std::min(when, timers->top().key);
    return when;
}

Events Scheduler::take_events()
{
    return std::exchange(events_, Events{});
}

void Scheduler::wake(base::MonoTime now)
{
    while (!rests_.empty() && rests_.top().key <= now) {
        const std::uint32_t id = rests_.top().id;
        rests_.pop();
        destinations_[id].resting = false;
        index(id);
    }
    while (!wakes_.empty() && wakes_.top().key <= now) {
        const std::uint32_t id = wakes_.top().id;
        wakes_.pop();
        enroll(id);
    }
    while (!refill_times_.empty() && refill_times_.top().key <= now)
        want_refill(refill_times_.top().id, now);
}

void Scheduler::wake_at(std::uint32_t transport, base::MonoTime when)
{
    wakes_.set(transport, when);
}

// To be called whenever a transport may have got something to do.
void Scheduler::enroll(std::uint32_t transport)
{
    if (std::exchange(transports_[transport].in_turn, true))
        return;
    turn_.push_back(transport);
}

std::optional<Lane> Scheduler::choose_lane(std::uint32_t id, base::MonoTime now)
{
    Transport& transport = transports_[id];
    expire_contacts(transport, now);
    if (now < transport.rest_until) {
        wake_at(id, transport.rest_until);
        return std::nullopt;
    }
    const ReadyDestinations& ready = transport.ready;
    AgentShare& share = transport.share;
    const bool may_try = !ready.empty(Lane::Backlog) && share.allows(Lane::Backlog, now);
    if (!ready.empty(Lane::Newcomer)) {
        if (share.allows(Lane::Newcomer, now))
            return Lane::Newcomer;
        wake_at(id, share.next_round());
    }
    if (may_try && share.backlog_is_due())
        return Lane::Backlog;
    if (!ready.empty(Lane::Proven) && share.allows(Lane::Proven, now))
        return Lane::Proven;
    return may_try ? std::optional{Lane::Backlog} : std::nullopt;
}

void Scheduler::expire_contacts(Transport& transport, base::MonoTime now)
{
    while (!transport.contacts.empty() && transport.contacts.front().since + contact_grace <= now) {
        const Contact contact = transport.contacts.front();
        transport.contacts.pop_front();
        Destination& destination = destinations_[contact.destination];
        if (!destination.contact_due || destination.fresh_since != contact.since)
            continue;
        destination.contact_due = false;
        index(contact.destination);
    }
}

DeliveryRequest Scheduler::dispatch(std::uint32_t transport_id, Lane lane, base::MonoTime now)
{
    Transport& transport = transports_[transport_id];
    const auto choice = transport.ready.choose(lane, transport.bulk_every());
    Destination& destination = destinations_[choice->destination];
    Size size = choice->size;
    if (destination.queues[at(size)].waiting == 0)
        size = Size::Bulk; // A newcomer stands under small whatever it has.
    advance(transport, lane, {choice->destination, size, choice->turn});

    const std::uint32_t peer_id = top_peer(destination.queues[at(size)]);
    const std::uint32_t message = peers_[peer_id].message;
    DeliveryRequest out;
    out.message = messages_[message].id;
    out.transport = transport.name;
    out.nexthop = destination.nexthop;
    out.recipients = take_portion(peer_id);
    out.probe = destination.probing;

    Request request;
    request.message = message;
    request.destination = choice->destination;
    request.recipients = static_cast<std::uint32_t>(out.recipients.size());
    request.lane = lane;
    request.round = transport.share.start(lane);
    const std::uint32_t slot = requests_.add(request);
    out.id = requests_[slot].id = (++generation_ << 32) | slot;

    after_start(choice->destination, now);
    want_refill(message, now);
    return out;
}

// Moves the transport's clock and the destination's pass.
void Scheduler::advance(Transport& transport, Lane lane, const ReadyDestinations::Choice& choice)
{
    Destination& destination = destinations_[choice.destination];
    transport.ready.note(lane, choice.size);
    const bool passes_bulk =
        choice.size == Size::Small && destination.queues[at(Size::Bulk)].waiting > 0;
    destination.passed = passes_bulk ? destination.passed + 1 : 0;

    double& clock = transport.clock[at(choice.size)];
    const double others = static_cast<double>(transport.ready.waiting(lane));
    const double start = lane == Lane::Newcomer ? clock : choice.turn.time;
    clock = std::max(clock, start) + 1 / (1 + others);
    PeerQueue& queue = destination.queues[at(choice.size)];
    queue.pass = std::max(queue.pass, start) + 1;
}

// Recipients in one request, at most; 0: no limit.
int Scheduler::request_size(const Transport& transport, const Active& message) const
{
    return message.apart ? 1 : transport.settings.destination_recipient_limit;
}

std::vector<std::uint32_t> Scheduler::take_portion(std::uint32_t peer_id)
{
    Peer& peer = peers_[peer_id];
    Destination& destination = destinations_[peer.destination];
    const int limit = request_size(transports_[destination.transport], messages_[peer.message]);
    PeerQueue& queue = destination.queues[at(peer.size)];
    const std::uint32_t most = limit <= 0 ? peer.waiting() : static_cast<std::uint32_t>(limit);
    const std::uint32_t count = std::min(most, peer.waiting());
    const auto first = peer.recipients.begin() + static_cast<std::ptrdiff_t>(peer.next);
    std::vector<std::uint32_t> out(first, first + count);
    peer.next += count;

    PeerQueue::Entry entry = queue.heap.front();
    queue.pop();
    queue.waiting -= count;
    if (peer.waiting() > 0) {
        entry.turn.time += peer.size == Size::Bulk ? 1 : 0;
        queue.push(entry);
    }
    messages_[peer.message].waiting -= count;
    if (destination.standing != Standing::Proven)
        set_.doubtful_out(count);
    const std::uint32_t requests = peer.waiting() > 0 ? 1 : peer.requests_left;
    peer.requests_left -= requests;
    leave_flow(peer.flow, requests);
    return out;
}

void Scheduler::leave_flow(std::uint32_t id, std::uint32_t requests)
{
    Flow& flow = flows_[id];
    flow.waiting -= requests;
    if (flow.waiting > 0)
        return;
    flow_ids_.erase(flow.key);
    flows_.remove(id);
}

void Scheduler::after_start(std::uint32_t id, base::MonoTime now)
{
    Destination& destination = destinations_[id];
    Transport& transport = transports_[destination.transport];
    ++destination.in_flight;
    destination.peak = std::max(destination.peak, destination.in_flight);
    destination.contact_due = false;
    if (transport.settings.transport_rate_delay > base::Duration{0})
        transport.rest_until = now + transport.settings.transport_rate_delay;
    index(id);
}

} // namespace qmgr
