// SPDX-License-Identifier: Apache-2.0
// Shares of the agents' capacity.
#include "qmgr/agent_share.h"

#include <algorithm>

namespace qmgr {

namespace {

// Percent of the capacity; what remains (30) can never be held by doubtful destinations.
constexpr int newcomer_share = 50;
constexpr int backlog_share = 20;
constexpr int backlog_minimum_share = 5;
constexpr int round_fraction = 4; // One round may keep this part of what is free.

int part(int capacity, int percent)
{
    return std::max(1, static_cast<int>(static_cast<long long>(capacity) * percent / 100));
}

} // namespace

void AgentShare::set_capacity(int capacity)
{
    capacity_ = std::max(capacity, 1);
}

int AgentShare::limit(Lane lane) const
{
    switch (lane) {
    case Lane::Newcomer: return part(capacity_, newcomer_share);
    case Lane::Backlog: return part(capacity_, backlog_share);
    case Lane::Proven: return capacity_;
    }
    return capacity_;
}

bool AgentShare::allows(Lane lane, base::MonoTime now)
{
    if (full() || in_use(lane) >= limit(lane))
        return false;
    if (lane != Lane::Newcomer)
        return true;
    if (round_ == 0 || next_round() <= now)
        begin_round(now);
    return round_open_ < round_budget_;
}

void AgentShare::begin_round(base::MonoTime now)
{
    ++round_;
    round_start_ = now;
    round_open_ = 0;
    const int left = limit(Lane::Newcomer) - in_use(Lane::Newcomer);
    round_budget_ = (left + round_fraction - 1) / round_fraction;
}

bool AgentShare::backlog_is_due() const
{
    return in_use(Lane::Backlog) < part(capacity_, backlog_minimum_share);
}

std::uint32_t AgentShare::start(Lane lane)
{
    ++in_use_[index(lane)];
    if (lane == Lane::Newcomer)
        ++round_open_;
    return round_;
}

void AgentShare::finish(Lane lane, std::uint32_t round)
{
    --in_use_[index(lane)];
    if (lane == Lane::Newcomer && round == round_)
        --round_open_;
}

} // namespace qmgr
