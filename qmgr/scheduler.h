// SPDX-License-Identifier: Apache-2.0
// The scheduler of the queue manager: which recipients of which message go to which delivery agent
// next. A pure machine: it opens nothing, waits for nothing, and knows the time only as an
// argument that never runs backwards. Whoever drives it
//   - asks intake() which queue to read, and room() and earliest() before opening a message;
//   - routes the recipients and hands them over with admit();
//   - calls next() until it returns nothing, and sends each request to an agent;
//   - reports each result with finished();
//   - after any of these takes the events, and comes back at deadline() at the latest.
//
// How it decides is told at the head of scheduler.cc. Costs: O(log n) for each request, result and
// recipient; only flushes and the failure of a whole transport look at all destinations.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/clock.h"
#include "lib/mail/queue_id.h"
#include "qmgr/active_set.h"
#include "qmgr/agent_share.h"
#include "qmgr/destination.h"
#include "qmgr/id_heap.h"
#include "qmgr/jitter.h"
#include "qmgr/ready.h"
#include "qmgr/schedule.h"
#include "qmgr/settings.h"
#include "qmgr/slab.h"

namespace qmgr {

class Scheduler {
public:
    // `catalog` outlives the scheduler. `seed` feeds the jitter.
    Scheduler(const QueueLimits& limits, TransportCatalog& catalog, std::uint64_t seed);
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Admission. intake() alternates between the queues; nothing when none may be read.
    std::optional<Source> intake(bool incoming_waits, bool deferred_waits);
    bool room(Source source) const { return set_.room(source); }
    std::uint32_t portion() const { return set_.portion(); } // Recipients to read of one message.

    // When it is worth while to try this destination: `now` unless it or its transport is dead.
    base::MonoTime earliest(const Target& target, base::MonoTime now) const;

    // Takes a message over. False, and nothing happens, when there is no room or it is active
    // already. Recipients that may not wait here come back at once as setbacks.
    bool admit(const Message& message, base::MonoTime now);

    // The next portion of an active message; false when it is not active.
    bool add_recipients(std::string_view id, const std::vector<Target>& targets,
                        std::uint32_t unread, base::MonoTime now);

    // Forgets the recipients of a message that still wait, for instance when it is deleted; those
    // in flight finish. False when it is not active.
    bool withdraw(std::string_view id);

    // What to send now; nothing when all must wait for finished(), admit() or deadline().
    std::optional<DeliveryRequest> next(base::MonoTime now);

    // The result of a request: one fate per recipient in the request's order (missing ones count
    // as deferred). False for an id that is not in flight.
    bool finished(RequestId id, std::span<const Fate> fates, const Verdict& verdict,
                  base::MonoTime now);

    Events take_events();
    base::MonoTime deadline() const; // MonoTime::max(): none.

    // Flushes forget that destinations were dead; dead transports too with flush_all.
    void flush_all();
    void flush_site(std::string_view nexthop);
    void flush_message(std::string_view id);

    // Agents came or went.
    void set_capacity(std::string_view transport, int capacity);

    Counts counts() const;

    // Why it waits, in one line per destination; "not active" when nothing is known.
    std::string explain_message(std::string_view id, base::MonoTime now) const;
    std::string explain_destination(const Target& target, base::MonoTime now) const;
    DestinationReport report(const Target& target, base::MonoTime now) const;

private:
    struct Active {
        mail::QueueId id;
        std::string sender;
        Source source = Source::Incoming;
        std::uint32_t outstanding = 0; // Recipients that wait or are in flight.
        std::uint32_t waiting = 0;
        std::uint32_t done = 0;
        std::uint32_t deferred = 0;
        std::uint32_t unread = 0;
        std::uint32_t transport = none; // Whose refill settings apply.
        bool flush = false;
        bool apart = false;
        bool refill_asked = false;
        std::vector<std::uint32_t> peers;
    };
    struct Flow { // One sender's account with one transport, while something waits.
        std::string key;
        std::uint32_t waiting = 0; // Requests.
        double finish = 0;         // Virtual time after its last bulk request.
    };
    struct Request {
        RequestId id = 0; // 0: slot not in use.
        std::uint32_t message = none;
        std::uint32_t destination = none;
        std::uint32_t recipients = 0;
        Lane lane = Lane::Proven;
        std::uint32_t round = 0;
    };
    struct Contact { // A first contact that loses its privilege with age.
        std::uint32_t destination;
        base::MonoTime since;
    };
    struct Transport {
        Transport(std::string_view name, const TransportSettings& settings,
                  ReadyDestinations::PlacesBySize& places);

        // One of so many deliveries is bulk while small mail waits too.
        int bulk_every() const;

        std::string name;
        TransportSettings settings;
        AgentShare share;
        ReadyDestinations ready;
        std::array<double, 2> clock{}; // Virtual time by size.
        base::MonoTime rest_until{};   // Its rate delay.
        base::MonoTime dead_until{};
        std::string reason;           // Why it is dead.
        std::uint32_t recipients = 0; // In memory.
        bool in_turn = false;
        std::deque<Contact> contacts;
        std::uint32_t draft_requests = 0; // Of the present admission.
    };
    using Ids = std::unordered_map<std::string, std::uint32_t>;

    // scheduler_admit.cc
    static std::string destination_key(std::uint32_t transport, const Target& target,
                                       bool by_recipient);
    const Transport* find_transport(const Target& target) const;
    const Destination* find_destination(const Target& target) const;
    std::uint32_t transport_of(const std::string& name);
    std::uint32_t destination_of(const Target& target);
    std::uint32_t flow_of(std::uint32_t transport, const std::string& sender);
    void add_targets(std::uint32_t message, const std::vector<Target>& targets, base::MonoTime now);
    void draft(std::uint32_t message, const Target& target, std::uint32_t destination);
    void enqueue_drafts(std::uint32_t message, std::size_t first_peer, base::MonoTime now);
    void enqueue(std::uint32_t peer, base::MonoTime now);
    Size size_of(const Transport& transport, const Flow& flow, const Active& message) const;
    std::optional<Setback> refusal(const Active& message, const Destination& destination,
                                   bool small, base::MonoTime now);
    void greet(std::uint32_t destination, Source source, base::MonoTime now);
    void revive_if_due(Destination& destination, base::MonoTime now);
    void want_refill(std::uint32_t message, base::MonoTime now);

    // scheduler.cc
    void wake(base::MonoTime now);
    void wake_at(std::uint32_t transport, base::MonoTime when);
    void enroll(std::uint32_t transport);
    std::optional<Lane> choose_lane(std::uint32_t transport, base::MonoTime now);
    void expire_contacts(Transport& transport, base::MonoTime now);
    DeliveryRequest dispatch(std::uint32_t transport, Lane lane, base::MonoTime now);
    std::vector<std::uint32_t> take_portion(std::uint32_t peer);
    int request_size(const Transport& transport, const Active& message) const;
    void advance(Transport& transport, Lane lane, const ReadyDestinations::Choice& choice);
    void leave_flow(std::uint32_t flow, std::uint32_t requests);
    void after_start(std::uint32_t destination, base::MonoTime now);

    // scheduler_lines.cc
    void index(std::uint32_t destination);
    void unindex(std::uint32_t destination);
    std::optional<Turn> turn_of(Destination& destination, Size size);
    std::uint32_t top_peer(PeerQueue& queue);
    bool is_open(const Destination& destination) const;
    int allowance(const Destination& destination) const;
    Lane lane_of(const Destination& destination) const;
    bool wants(const Destination& destination, Size size) const;

    // scheduler_finish.cc
    void judge(std::uint32_t destination, const Verdict& verdict, base::MonoTime now);
    void reached(Destination& destination);
    void peer_failed(std::uint32_t destination, const std::string& reason, base::MonoTime now);
    void transport_failed(std::uint32_t transport, const std::string& reason, base::MonoTime now);
    void die(std::uint32_t destination, base::MonoTime now);
    void return_waiting(std::uint32_t destination, const Setback& why);
    void release(std::uint32_t peer, bool deferred);
    void settle(std::uint32_t message);
    void stand(Destination& destination, Standing standing);
    void rest_or_idle(std::uint32_t destination);
    void unlink_idle(std::uint32_t destination);
    void forget(std::uint32_t destination);
    void forgive(std::uint32_t destination);
    std::string describe(const Destination& destination, base::MonoTime now) const;

    QueueLimits limits_;
    TransportCatalog& catalog_;
    Jitter jitter_;
    ActiveSet set_;

    ReadyDestinations::PlacesBySize ready_places_;
    Places rest_places_, transport_places_, refill_places_;

    std::deque<Transport> transports_; // Never removed: master.cf has few.
    Slab<Destination> destinations_;
    Slab<Peer> peers_;
    Slab<Active> messages_;
    Slab<Flow> flows_;
    Slab<Request> requests_;
    std::uint32_t last_transport_ = none; // Looked up last: mostly the next one too.
    Ids transport_ids_, destination_ids_, message_ids_, flow_ids_;

    IdHeap<base::MonoTime> rests_{rest_places_};          // Destinations' rate delays.
    IdHeap<base::MonoTime> wakes_{transport_places_};     // Transports.
    IdHeap<base::MonoTime> refill_times_{refill_places_}; // Messages.
    std::deque<std::uint32_t> turn_;                      // Transports that may have work.

    std::uint32_t oldest_idle_ = none, newest_idle_ = none, idle_ = 0;
    std::uint64_t order_ = 0;
    std::uint64_t generation_ = 0;
    Events events_;
};

} // namespace qmgr
