// SPDX-License-Identifier: Apache-2.0
// How the bounded active set is shared: between fresh and deferred mail, and between destinations
// that answer and those that may not. Counts and rules only. The argument is in scheduler.cc.
#pragma once

#include <cstdint>
#include <optional>

#include "qmgr/settings.h"

namespace qmgr {

enum class Source : std::uint8_t { Incoming, Deferred };

class ActiveSet {
public:
    explicit ActiveSet(const QueueLimits& limits) : limits_(limits) {}

    std::uint32_t messages() const { return messages_[0] + messages_[1]; }
    std::uint32_t messages(Source source) const { return messages_[at(source)]; }
    std::uint32_t recipients() const { return recipients_; }
    std::uint32_t doubtful_recipients() const { return doubtful_; }

    // Is there room for one more message from this queue? Deferred mail may fill half of the set.
    bool room(Source source) const;

    // Which queue to read next: both in turn while both have mail and room.
    std::optional<Source> intake(bool incoming_waits, bool deferred_waits);

    // How many recipients of one message may be read into memory now.
    std::uint32_t portion() const;

    // May one more recipient wait for a destination that has `waiting` recipients in memory?
    bool takes_proven(std::uint32_t waiting) const;
    bool takes_doubtful(std::uint32_t waiting) const;
    bool takes_first_contact() const; // Fresh mail for a destination with nothing in memory.

    void message_in(Source source) { ++messages_[at(source)]; }
    void message_out(Source source) { --messages_[at(source)]; }
    void recipients_in(std::uint32_t count) { recipients_ += count; }
    void recipients_out(std::uint32_t count) { recipients_ -= count; }
    void doubtful_in(std::uint32_t count) { doubtful_ += count; }
    void doubtful_out(std::uint32_t count) { doubtful_ -= count; }

private:
    static std::size_t at(Source source) { return static_cast<std::size_t>(source); }
    std::uint32_t limit() const
    {
        return static_cast<std::uint32_t>(limits_.message_recipient_limit);
    }

    QueueLimits limits_;
    std::uint32_t messages_[2] = {0, 0};
    std::uint32_t recipients_ = 0; // Waiting or in flight.
    std::uint32_t doubtful_ = 0;   // Waiting for destinations that are not proven.
    Source last_ = Source::Deferred;
};

} // namespace qmgr
