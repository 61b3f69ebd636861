// SPDX-License-Identifier: Apache-2.0
// How the delivery slots of one transport's agents are shared between destinations that are known
// to answer and those that may cost a connect time-out. The argument is in scheduler.cc.
#pragma once

#include <array>
#include <cstdint>

#include "lib/base/clock.h"

namespace qmgr {

// Under whose account a delivery runs.
enum class Lane : std::uint8_t {
    Newcomer, // First contact, on account of fresh mail.
    Backlog,  // Never answered or failed lately: retries, probes, leftovers.
    Proven,   // Answered at its last delivery.
};
inline constexpr std::size_t lane_count = 3;

class AgentShare {
public:
    static constexpr base::Duration round_length = std::chrono::seconds(1);

    // `capacity` below 1 counts as 1.
    explicit AgentShare(int capacity = 1) { set_capacity(capacity); }
    void set_capacity(int capacity);

    int capacity() const { return capacity_; }
    int in_use() const { return in_use_[0] + in_use_[1] + in_use_[2]; }
    int in_use(Lane lane) const { return in_use_[index(lane)]; }
    int limit(Lane lane) const;

    bool full() const { return in_use() >= capacity_; }

    // May a delivery of this lane start now? Begins a new round of first contacts when it is time.
    bool allows(Lane lane, base::MonoTime now);

    // The doubtful have less than their guaranteed minimum and go before proven destinations.
    bool backlog_is_due() const;

    // More than half of the doubtful share is in use: no generosity any more.
    bool pressed() const { return 2 * in_use(Lane::Backlog) > limit(Lane::Backlog); }

    // The round in which it started, to be handed to finish().
    std::uint32_t start(Lane lane);
    void finish(Lane lane, std::uint32_t round);

    base::MonoTime next_round() const { return round_start_ + round_length; }

private:
    static std::size_t index(Lane lane) { return static_cast<std::size_t>(lane); }
    void begin_round(base::MonoTime now);

    int capacity_ = 1;
    std::array<int, lane_count> in_use_{};
    base::MonoTime round_start_{};
    std::uint32_t round_ = 0;
    int round_budget_ = 0;
    int round_open_ = 0; // Started in this round and not finished.
};

} // namespace qmgr
