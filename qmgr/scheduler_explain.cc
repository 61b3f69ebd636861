// SPDX-License-Identifier: Apache-2.0
// Why mail waits, in words and numbers.
#include <algorithm>

#include "lib/base/strings.h"
#include "qmgr/scheduler.h"

namespace qmgr {

namespace {

constexpr std::size_t most_lines = 20; // Of the explanation of one message.

std::string seconds(base::Duration time)
{
    const auto tenths = std::max<std::int64_t>(0, time.count() / 100'000);
    return base::cat(tenths / 10, '.', tenths % 10, " s");
}

} // namespace

std::string Scheduler::describe(const Destination& destination, base::MonoTime now) const
{
    const Transport& transport = transports_[destination.transport];
    const AgentShare& share = transport.share;
    const std::string who = base::cat(transport.name, ':', destination.nexthop, ": ");
    const std::string why =
        destination.reason.empty() ? std::string{} : base::cat(" (", destination.reason, ")");
    const auto say = [&](const auto&... words) { return base::cat(who, words...); };
    if (now < transport.dead_until)
        return say("transport unavailable for another ", seconds(transport.dead_until - now), " (",
                   transport.reason, ")");
    if (destination.dead && now < destination.dead_until)
        return say("dead, next probe in ", seconds(destination.dead_until - now), why);
    if (destination.waiting() == 0)
        return say("nothing waits, ", destination.in_flight, " in delivery", why);
    if (destination.probing && destination.in_flight > 0)
        return say("a probe decides whether it is back; ", destination.waiting(),
                   " recipients wait", why);
    if (destination.resting)
        return say("rate delay, ", destination.waiting(), " recipients wait");
    if (destination.in_flight >= allowance(destination))
        return say("concurrency ", destination.in_flight, " of ", allowance(destination),
                   " in use, ", destination.waiting(), " recipients wait", why);
    if (now < transport.rest_until)
        return say("transport rate delay for another ", seconds(transport.rest_until - now));
    if (share.full())
        return say("all ", share.capacity(), " delivery slots of the transport are in use");
    const Lane lane = lane_of(destination);
    if (lane == Lane::Backlog && share.in_use(lane) >= share.limit(lane))
        return say("has not answered yet, and all ", share.limit(lane),
                   " slots for such destinations are in use", why);
    if (lane == Lane::Newcomer && share.in_use(lane) > 0)
        return say("first contact, with ", share.in_use(lane), " of ", share.limit(lane),
                   " slots for such in use");
    return say("ready, ", transport.ready.waiting(lane), " destinations in line");
}

std::string Scheduler::explain_message(std::string_view id, base::MonoTime now) const
{
    const auto found = message_ids_.find(std::string{id});
    if (found == message_ids_.end())
        return "not active";
    const Active& active = messages_[found->second];
    std::string out;
    std::size_t lines = 0;
    for (const std::uint32_t peer : active.peers) {
        if (peers_[peer].waiting() == 0)
            continue;
        if (++lines > most_lines)
            break;
        base::append(out, out.empty() ? "" : "\n",
                     describe(destinations_[peers_[peer].destination], now));
        if (peers_[peer].size == Size::Bulk)
            base::append(out, "; its sender has ", flows_[peers_[peer].flow].waiting,
                         " deliveries waiting, so small mail goes first");
    }
    if (out.empty())
        return base::cat(active.outstanding, " recipients in delivery, ", active.unread,
                         " still to be read");
    return out;
}

std::string Scheduler::explain_destination(const Target& target, base::MonoTime now) const
{
    const Destination* destination = find_destination(target);
    return destination == nullptr ? "not active" : describe(*destination, now);
}

DestinationReport Scheduler::report(const Target& target, base::MonoTime now) const
{
    DestinationReport report;
    const Destination* destination = find_destination(target);
    if (destination == nullptr)
        return report;
    const Transport& transport = transports_[destination->transport];
    report.summary = describe(*destination, now);
    report.reason = destination->reason;
    report.in_flight = static_cast<std::uint32_t>(destination->in_flight);
    report.concurrency = static_cast<std::uint32_t>(allowance(*destination));
    report.waiting = destination->waiting();
    report.rate_delay = transport.settings.destination_rate_delay;
    if (destination->dead && now < destination->dead_until) {
        report.dead = true;
        report.dead_since = destination->dead_since;
        report.dead_until = destination->dead_until;
    }
    if (now < transport.dead_until) {
        report.dead = true;
        report.dead_until = std::max(report.dead_until, transport.dead_until);
        report.reason = transport.reason;
    }
    return report;
}

} // namespace qmgr
