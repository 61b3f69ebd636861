// SPDX-License-Identifier: Apache-2.0
// One destination: a (transport, next hop) pair, or with a recipient limit of one a (transport,
// next hop, recipient) triple; with what waits for it and what is known about it. The values here
// are the scheduler's own; nobody else sees them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "qmgr/ready.h"
#include "qmgr/window.h"

namespace qmgr {

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

enum class Standing : std::uint8_t {
    Unknown,  // Never answered, never failed.
    Doubtful, // Failed since its last success.
    Proven,   // Answered last time.
};

// What one message has waiting for one destination: served in portions (delivery requests).
struct Peer {
    std::uint32_t message = none;
    std::uint32_t destination = none;
    std::uint32_t flow = none;       // The sender's account with the transport.
    std::uint32_t requests_left = 0; // As counted in the flow.
    Size size = Size::Small;
    std::uint64_t order = 0;               // Unique; tells a reused slot.
    std::vector<std::uint32_t> recipients; // Numbers, in the caller's order.
    std::size_t next = 0;                  // First that still waits.

    std::uint32_t waiting() const { return static_cast<std::uint32_t>(recipients.size() - next); }
};

// A destination's peers of one size by turn. Entries of withdrawn peers stay until they come up.
struct PeerQueue {
    struct Entry {
        Turn turn;
        std::uint32_t peer;
        std::uint64_t born; // Peer::order when queued.

        // For std::push_heap: the earliest turn on top.
        bool operator<(const Entry& other) const { return other.turn < turn; }
    };

    std::vector<Entry> heap;
    std::uint32_t waiting = 0; // Recipients.
    double pass = 0;           // Virtual time before which it is not this destination's turn.

    void push(const Entry& entry)
    {
        heap.push_back(entry);
        std::push_heap(heap.begin(), heap.end());
    }
    void pop()
    {
        std::pop_heap(heap.begin(), heap.end());
        heap.pop_back();
    }
};

struct Destination {
    std::string key; // In the table; empty: slot not in use.
    std::string nexthop;
    std::uint32_t transport = none;

    Standing standing = Standing::Unknown;
    Window window;
    int in_flight = 0;
    int peak = 0;         // Most in flight since the last success.
    bool resting = false; // Its rate delay runs.
    bool probing = false; // Was dead: one delivery at a time until one succeeds.
    bool dead = false;
    base::MonoTime dead_since{};
    base::MonoTime dead_until{};
    int deaths = 0;     // In a row.
    std::string reason; // Of the last failure.

    bool contact_due = false; // A first contact on account of fresh mail that came just now.
    base::MonoTime fresh_since{};

    std::array<PeerQueue, 2> queues;
    int passed = 0; // Small deliveries since the last bulk one, while bulk waited.
    std::array<std::optional<Turn>, 2> indexed; // Its place in the lines.
    Lane lane = Lane::Newcomer;                 // Where it is indexed.

    std::uint32_t older = none, newer = none; // In the list of idle destinations.
    bool idle = false;
    std::uint32_t draft = none; // The peer that the present admission builds.

    std::uint32_t waiting() const { return queues[0].waiting + queues[1].waiting; }
};

} // namespace qmgr
