// SPDX-License-Identifier: Apache-2.0
// Admission: routed recipients become peers that wait for their destination, or come back.
#include <algorithm>

#include "lib/base/strings.h"
#include "qmgr/scheduler.h"

namespace qmgr {

namespace {

constexpr base::Duration crowd_delay = std::chrono::seconds(60);
// A first contact is renewed by fresh mail, but not noted anew for each message of a burst.
constexpr base::Duration contact_grain = std::chrono::milliseconds(250);

std::uint32_t requests_for(std::size_t recipients, int limit)
{
    if (limit <= 0)
        return 1;
    const auto size = static_cast<std::size_t>(limit);
    return static_cast<std::uint32_t>((recipients + size - 1) / size);
}

// Requests up to which a sender's waiting mail counts as small; 0: everything does.
std::uint32_t small_limit(const TransportSettings& settings)
{
    return static_cast<std::uint32_t>(std::max(0, settings.delivery_slot_cost)) *
               static_cast<std::uint32_t>(std::max(1, settings.minimum_delivery_slots)) +
           static_cast<std::uint32_t>(std::max(0, settings.delivery_slot_loan));
}

} // namespace

std::uint32_t Scheduler::transport_of(const std::string& name)
{
    if (last_transport_ != none && transports_[last_transport_].name == name)
        return last_transport_;
    const auto found = transport_ids_.find(name);
    if (found != transport_ids_.end())
        return last_transport_ = found->second;
    const auto id = static_cast<std::uint32_t>(transports_.size());
    transports_.emplace_back(name, catalog_.settings(name), ready_places_);
    transport_ids_.emplace(name, id);
    return id;
}

std::uint32_t Scheduler::destination_of(const Target& target)
{
    const std::uint32_t transport = transport_of(target.transport);
    const TransportSettings& settings = transports_[transport].settings;
    const bool by_recipient = settings.destination_recipient_limit == 1;
    std::string key = destination_key(transport, target, by_recipient);
    const auto [place, is_new] = destination_ids_.try_emplace(key, none);
    if (!is_new)
        return place->second;
    Destination made;
    made.key = std::move(key);
    made.nexthop = target.nexthop;
    made.transport = transport;
    made.window = Window{settings.initial_destination_concurrency};
    made.standing = by_recipient ? Standing::Proven : Standing::Unknown;
    return place->second = destinations_.add(std::move(made));
}

std::uint32_t Scheduler::flow_of(std::uint32_t transport, const std::string& sender)
{
    std::string key = base::cat(transport, ' ', sender);
    const auto [place, is_new] = flow_ids_.try_emplace(key, none);
    if (is_new)
        place->second = flows_.add(Flow{std::move(key)});
    return place->second;
}

std::string Scheduler::destination_key(std::uint32_t transport, const Target& target,
                                       bool by_recipient)
{
    std::string key = base::cat(transport, ' ', target.nexthop);
    if (by_recipient)
        base::append(key, ' ', target.address);
    return key;
}

const Scheduler::Transport* Scheduler::find_transport(const Target& target) const
{
    const auto found = transport_ids_.find(target.transport);
    return found == transport_ids_.end() ? nullptr : &transports_[found->second];
}

const Destination* Scheduler::find_destination(const Target& target) const
{
    const auto transport = transport_ids_.find(target.transport);
    if (transport == transport_ids_.end())
        return nullptr;
    const TransportSettings& settings = transports_[transport->second].settings;
    const bool by_recipient = settings.destination_recipient_limit == 1;
    const auto found =
        destination_ids_.find(destination_key(transport->second, target, by_recipient));
    return found == destination_ids_.end() ? nullptr : &destinations_[found->second];
}

base::MonoTime Scheduler::earliest(const Target& target, base::MonoTime now) const
{
    const Transport* transport = find_transport(target);
    const Destination* destination = find_destination(target);
    base::MonoTime when = now;
    if (transport != nullptr)
        when = std::max(when, transport->dead_until);
    if (destination != nullptr && destination->dead)
        when = std::max(when, destination->dead_until);
    return when;
}

std::optional<Source> Scheduler::intake(bool incoming_waits, bool deferred_waits)
{
    return set_.intake(incoming_waits, deferred_waits);
}

bool Scheduler::admit(const Message& message, base::MonoTime now)
{
    if (!set_.room(message.source))
        return false;
    const auto [place, is_new] = message_ids_.try_emplace(message.id, none);
    if (!is_new)
        return false;
    Active made;
    made.id = message.id;
    made.sender = message.sender;
    made.source = message.source;
    made.flush = message.flush;
    made.apart = message.apart;
    made.unread = message.unread;
    const std::uint32_t id = place->second = messages_.add(std::move(made));
    set_.message_in(message.source);
    add_targets(id, message.targets, now);
    return true;
}

bool Scheduler::add_recipients(std::string_view id, const std::vector<Target>& targets,
                               std::uint32_t unread, base::MonoTime now)
{
    const auto found = message_ids_.find(std::string{id});
    if (found == message_ids_.end())
        return false;
    messages_[found->second].unread = unread;
    messages_[found->second].refill_asked = false;
    add_targets(found->second, targets, now);
    return true;
}

// Two steps, because how a message's parts are ranked depends on how many there are.
void Scheduler::add_targets(std::uint32_t message, const std::vector<Target>& targets,
                            base::MonoTime now)
{
    Active& active = messages_[message];
    const std::size_t first_peer = active.peers.size();
    const std::string* sick = nullptr; // A destination that refused: its setback is the last one.
    for (const Target& target : targets) {
        const std::uint32_t to = destination_of(target);
        Destination& destination = destinations_[to];
        if (active.flush)
            forgive(to);
        revive_if_due(destination, now);
        const auto& settings = transports_[destination.transport].settings;
        const bool small = targets.size() + active.unread <= small_limit(settings);
        if (auto refused = refusal(active, destination, small, now)) {
            ++active.deferred;
            if (sick != &destination.key)
                events_.setbacks.push_back(std::move(*refused));
            events_.setbacks.back().recipients.push_back(target.number);
            sick = &destination.key;
            rest_or_idle(to);
            continue;
        }
        sick = nullptr;
        draft(message, target, to);
    }
    enqueue_drafts(message, first_peer, now);
    want_refill(message, now);
    settle(message);
}

void Scheduler::draft(std::uint32_t message, const Target& target, std::uint32_t to)
{
    Destination& destination = destinations_[to];
    Active& active = messages_[message];
    unlink_idle(to);
    if (destination.draft == none) {
        Peer made;
        made.message = message;
        made.destination = to;
        made.order = ++order_;
        destination.draft = peers_.add(std::move(made));
        active.peers.push_back(destination.draft);
    }
    peers_[destination.draft].recipients.push_back(target.number);
    if (active.transport == none)
        active.transport = destination.transport;
    ++active.outstanding;
    ++active.waiting;
    ++transports_[destination.transport].recipients;
    set_.recipients_in(1);
    if (destination.standing != Standing::Proven)
        set_.doubtful_in(1);
}

void Scheduler::enqueue_drafts(std::uint32_t message, std::size_t first_peer, base::MonoTime now)
{
    const Active& active = messages_[message];
    const std::span drafts = std::span{active.peers}.subspan(first_peer);
    for (const std::uint32_t id : drafts) {
        Peer& peer = peers_[id];
        Transport& transport = transports_[destinations_[peer.destination].transport];
        peer.requests_left = requests_for(peer.recipients.size(), request_size(transport, active));
        peer.flow = flow_of(destinations_[peer.destination].transport, active.sender);
        transport.draft_requests += peer.requests_left;
    }
    for (const std::uint32_t id : drafts) {
        Peer& peer = peers_[id];
        const Transport& transport = transports_[destinations_[peer.destination].transport];
        peer.size = size_of(transport, flows_[peer.flow], active);
    }
    for (const std::uint32_t id : drafts)
        enqueue(id, now);
}

Size Scheduler::size_of(const Transport& transport, const Flow& flow, const Active& message) const
{
    if (transport.settings.delivery_slot_cost <= 0)
        return Size::Small;
    const std::uint32_t unread = requests_for(message.unread, request_size(transport, message));
    const std::uint32_t requests =
        flow.waiting + transport.draft_requests + (message.unread > 0 ? unread : 0);
    return requests <= small_limit(transport.settings) ? Size::Small : Size::Bulk;
}

void Scheduler::enqueue(std::uint32_t id, base::MonoTime now)
{
    Peer& peer = peers_[id];
    Destination& destination = destinations_[peer.destination];
    Transport& transport = transports_[destination.transport];
    Flow& flow = flows_[peer.flow];
    transport.draft_requests = 0;
    destination.draft = none;

    double time = transport.clock[at(peer.size)];
    if (peer.size == Size::Bulk) {
        time = std::max(time, flow.finish);
        flow.finish = time + peer.requests_left;
    }
    flow.waiting += peer.requests_left;
    PeerQueue& queue = destination.queues[at(peer.size)];
    queue.push({Turn{time, peer.order}, id, peer.order});
    queue.waiting += peer.waiting();
    greet(peer.destination, messages_[peer.message].source, now);
    index(peer.destination);
}

// Fresh mail for a destination that nobody has talked to yet earns it a first contact.
void Scheduler::greet(std::uint32_t id, Source source, base::MonoTime now)
{
    Destination& destination = destinations_[id];
    const bool first = destination.standing == Standing::Unknown && destination.in_flight == 0;
    const bool noted = destination.contact_due && now - destination.fresh_since < contact_grain;
    if (source != Source::Incoming || !first || noted)
        return;
    destination.contact_due = true;
    destination.fresh_since = now;
    transports_[destination.transport].contacts.push_back(Contact{id, now});
}

// Why a recipient may not wait for this destination, as a setback that has no recipients yet.
std::optional<Setback> Scheduler::refusal(const Active& message, const Destination& destination,
                                          bool small, base::MonoTime now)
{
    const Transport& transport = transports_[destination.transport];
    const auto no = [&](Setback::Kind kind, std::string reason, base::MonoTime when) {
        return Setback{message.id, {}, kind, std::move(reason), when};
    };
    if (now < transport.dead_until)
        return no(Setback::Kind::TransportDead, transport.reason, transport.dead_until);
    if (destination.dead)
        return no(Setback::Kind::DestinationDead, destination.reason, destination.dead_until);

    const std::uint32_t drafted =
        destination.draft == none ? 0 : peers_[destination.draft].waiting();
    const std::uint32_t waiting = destination.waiting() + drafted;
    const bool first = waiting == 0 && destination.in_flight == 0;
    const bool fits = destination.standing == Standing::Proven      ? set_.takes_proven(waiting)
                      : first && message.source == Source::Incoming ? set_.takes_first_contact()
                                                                    : set_.takes_doubtful(waiting);
    const auto extra = small ? transport.settings.extra_recipient_limit : 0;
    const auto most = static_cast<std::uint32_t>(transport.settings.recipient_limit + extra);
    if (fits && transport.recipients < most)
        return std::nullopt;
    return no(Setback::Kind::Crowded,
              base::cat("too much mail waits already for ", destination.nexthop),
              now + jitter_.spread(crowd_delay));
}

void Scheduler::revive_if_due(Destination& destination, base::MonoTime now)
{
    if (!destination.dead || now < destination.dead_until)
        return;
    destination.dead = false;
    destination.probing = true;
}

// More recipients are read when few are left, and after a while even if those left are stuck.
void Scheduler::want_refill(std::uint32_t id, base::MonoTime now)
{
    Active& active = messages_[id];
    if (active.unread == 0 || active.refill_asked) {
        refill_times_.drop(id);
        return;
    }
    const bool known = active.transport != none;
    const TransportSettings settings =
        known ? transports_[active.transport].settings : TransportSettings{};
    const bool due =
        refill_times_.holds(id) && refill_times_.top().id == id && refill_times_.top().key <= now;
    if (due || active.waiting < static_cast<std::uint32_t>(settings.recipient_refill_limit)) {
        active.refill_asked = true;
        refill_times_.drop(id);
        events_.refills.push_back(active.id);
    } else if (!refill_times_.holds(id)) {
        refill_times_.push(id, now + settings.recipient_refill_delay);
    }
}

} // namespace qmgr
