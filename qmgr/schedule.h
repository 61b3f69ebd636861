// SPDX-License-Identifier: Apache-2.0
// What goes into the scheduler and what comes out of it: messages with their routed recipients,
// requests for delivery agents, what became of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/mail/queue_id.h"
#include "qmgr/settings.h"

namespace qmgr {

// One routed recipient. The caller names it by `number`; transport and next hop are compared byte
// by byte, so the router folds their case.
struct Target {
    std::uint32_t number = 0;
    std::string transport;
    std::string nexthop;
    std::string address; // Matters for transports with a recipient limit of one.
};

struct Message {
    mail::QueueId id;
    std::string sender;
    Source source = Source::Incoming;
    bool flush = false; // Asked for by a person: forgives the destinations' past failures.
    std::vector<Target> targets;
    std::uint32_t unread = 0; // Recipients that are still in the file only.
    bool apart = false;       // Each recipient in a request of its own.
};

using RequestId = std::uint64_t;

struct DeliveryRequest {
    RequestId id = 0;
    mail::QueueId message;
    std::string transport;
    std::string nexthop;
    std::vector<std::uint32_t> recipients;
    bool probe = false; // The one attempt that decides whether a dead destination lives again.
};

// What became of one recipient of a request.
enum class Fate : std::uint8_t { Done, Deferred };

// What a delivery says about its destination, whatever it says about the recipients.
struct Verdict {
    enum class Kind : std::uint8_t {
        Reached,         // Connection and handshake succeeded.
        PeerFailed,      // They did not.
        TransportFailed, // The agent cannot work at all.
        Unknown,         // The request came back without saying, for instance cancelled.
    };
    Kind kind = Kind::Reached;
    std::string reason; // For the failures: one line.
};

// Recipients that leave memory without a delivery attempt.
struct Setback {
    enum class Kind : std::uint8_t {
        DestinationDead, // Deferred; the log says "delivery temporarily suspended: reason".
        TransportDead,   // Deferred with this reason.
        Crowded,         // Not an attempt and nothing to log: the queue keeps them till retry_at.
    };
    mail::QueueId message;
    std::vector<std::uint32_t> recipients;
    Kind kind = Kind::DestinationDead;
    std::string reason;
    base::MonoTime retry_at{}; // Earliest useful time.
};

// A message of which nothing is in memory any more.
struct Completion {
    mail::QueueId message;
    std::uint32_t done = 0;
    std::uint32_t deferred = 0; // Including setbacks.
};

struct Events {
    std::vector<Setback> setbacks;
    std::vector<Completion> completed;
    std::vector<mail::QueueId> refills; // Read more recipients: Scheduler::add_recipients.

    bool empty() const { return setbacks.empty() && completed.empty() && refills.empty(); }
};

struct Counts {
    std::uint32_t messages = 0;
    std::uint32_t recipients = 0;
    std::uint32_t doubtful_recipients = 0; // Waiting for destinations that are not proven.
    std::uint32_t in_flight = 0;           // Requests.
    std::uint32_t destinations = 0;        // Including the idle ones that are remembered.
};

// What is known of a destination, for people. Times are 0 when they mean nothing.
struct DestinationReport {
    std::string summary; // Empty: nothing is known.
    bool dead = false;   // It, or its transport.
    base::MonoTime dead_since{};
    base::MonoTime dead_until{};
    std::string reason; // Of the last failure.
    std::uint32_t in_flight = 0;
    std::uint32_t concurrency = 0;
    std::uint64_t waiting = 0;
    base::Duration rate_delay{};
};

} // namespace qmgr
