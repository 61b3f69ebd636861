// SPDX-License-Identifier: Apache-2.0
// Admission to the active set.
#include "qmgr/active_set.h"

#include <algorithm>

namespace qmgr {

namespace {

constexpr std::uint32_t doubtful_percent = 50;      // Of the recipients in memory.
constexpr std::uint32_t first_contact_percent = 75; // The same, for a first fresh recipient.
constexpr std::uint32_t deferred_percent = 50;      // Of the messages.
constexpr std::uint32_t doubtful_fraction = 4;      // One destination: a quarter of what is free.

std::uint32_t share(std::uint32_t whole, std::uint32_t percent)
{
    return std::max<std::uint32_t>(
        1, static_cast<std::uint32_t>(std::uint64_t{whole} * percent / 100));
}

std::uint32_t left(std::uint32_t limit, std::uint32_t used)
{
    return limit > used ? limit - used : 0;
}

} // namespace

bool ActiveSet::room(Source source) const
{
    const auto most = static_cast<std::uint32_t>(limits_.message_active_limit);
    if (messages() >= most || recipients_ >= limit())
        return false;
    return source == Source::Incoming || messages(source) < share(most, deferred_percent);
}

std::optional<Source> ActiveSet::intake(bool incoming_waits, bool deferred_waits)
{
    const bool incoming = incoming_waits && room(Source::Incoming);
    const bool deferred = deferred_waits && room(Source::Deferred);
    if (!incoming && !deferred)
        return std::nullopt;
    if (incoming && deferred)
        last_ = last_ == Source::Incoming ? Source::Deferred : Source::Incoming;
    else
        last_ = incoming ? Source::Incoming : Source::Deferred;
    return last_;
}

std::uint32_t ActiveSet::portion() const
{
    return std::max(left(limit(), recipients_),
                    static_cast<std::uint32_t>(limits_.message_recipient_minimum));
}

bool ActiveSet::takes_proven(std::uint32_t waiting) const
{
    return waiting < std::max<std::uint32_t>(1, left(limit(), recipients_));
}

bool ActiveSet::takes_doubtful(std::uint32_t waiting) const
{
    return waiting < left(share(limit(), doubtful_percent), doubtful_) / doubtful_fraction;
}

bool ActiveSet::takes_first_contact() const
{
    return doubtful_ < share(limit(), first_contact_percent);
}

} // namespace qmgr
