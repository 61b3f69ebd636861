// SPDX-License-Identifier: Apache-2.0
// The lines in which destinations stand for their transport: in which lane, for which size of mail,
// and whose turn is when. What the order is for is told at the head of scheduler.cc.
#include <algorithm>

#include "qmgr/scheduler.h"

namespace qmgr {

int Scheduler::allowance(const Destination& destination) const
{
    const TransportSettings& settings = transports_[destination.transport].settings;
    if (destination.probing || settings.destination_rate_delay > base::Duration{0})
        return 1;
    const int limit = settings.destination_concurrency_limit;
    return limit > 0 ? std::min(limit, destination.window.size()) : destination.window.size();
}

bool Scheduler::is_open(const Destination& destination) const
{
    return !destination.dead && !destination.resting &&
           destination.in_flight < allowance(destination);
}

Lane Scheduler::lane_of(const Destination& destination) const
{
    if (destination.standing == Standing::Proven)
        return Lane::Proven;
    return destination.contact_due ? Lane::Newcomer : Lane::Backlog;
}

// Does the destination stand in line for this size?
bool Scheduler::wants(const Destination& destination, Size size) const
{
    if (lane_of(destination) == Lane::Newcomer)
        return size == Size::Small && destination.waiting() > 0;
    if (destination.queues[at(size)].waiting == 0)
        return false;
    const int every = transports_[destination.transport].bulk_every();
    return size == Size::Bulk || destination.queues[at(Size::Bulk)].waiting == 0 ||
           destination.passed + 1 < every;
}

void Scheduler::unindex(std::uint32_t id)
{
    Destination& destination = destinations_[id];
    for (const Size size : sizes)
        if (std::exchange(destination.indexed[at(size)], std::nullopt))
            transports_[destination.transport].ready.erase(destination.lane, size, id);
}

// Where the destination stands in the line for this size; nothing when it does not.
std::optional<Turn> Scheduler::turn_of(Destination& destination, Size size)
{
    if (!is_open(destination) || !wants(destination, size))
        return std::nullopt;
    if (lane_of(destination) == Lane::Newcomer)
        return Turn{-static_cast<double>(destination.fresh_since.time_since_epoch().count()), 0};
    PeerQueue& queue = destination.queues[at(size)];
    top_peer(queue);
    Turn turn = queue.heap.front().turn;
    turn.time = std::max(turn.time, queue.pass);
    return turn;
}

// Brings the lines in accord with the destination; to be called after every change of it.
void Scheduler::index(std::uint32_t id)
{
    Destination& destination = destinations_[id];
    const Lane lane = lane_of(destination);
    const std::array wanted{turn_of(destination, Size::Small), turn_of(destination, Size::Bulk)};
    if (lane == destination.lane && wanted == destination.indexed)
        return;
    unindex(id);
    destination.lane = lane;
    destination.indexed = wanted;
    for (const Size size : sizes) {
        if (!wanted[at(size)])
            continue;
        transports_[destination.transport].ready.insert(lane, size, id, *wanted[at(size)]);
        enroll(destination.transport);
    }
}

// The peer on top; drops what was withdrawn. The queue must have recipients waiting.
std::uint32_t Scheduler::top_peer(PeerQueue& queue)
{
    while (true) {
        const PeerQueue::Entry& top = queue.heap.front();
        const Peer& peer = peers_[top.peer];
        if (peer.order == top.born && peer.waiting() > 0)
            return top.peer;
        queue.pop();
    }
}

} // namespace qmgr
