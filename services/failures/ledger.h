// SPDX-License-Identifier: Apache-2.0
// What an attempt changes in what is known of an address or a domain: pure, no file, no clock.
#pragma once

#include <optional>
#include <set>

#include "lib/ipc/messages/failures.h"

namespace failures {

using ipc::failures::Entry;
using ipc::failures::Event;

// Kept of each subject; and of each reply.
inline constexpr std::size_t events_kept = 4;
inline constexpr std::size_t reply_kept = 250;

struct Rules {
    std::uint64_t soft_limit = 5;
    bool suppress = false;
    bool log = false; // A line for each failure.
    std::set<mail::FailureClass> suppressing;
};

// The entry after the event; nothing when there is nothing to remember (any more).
std::optional<Entry> after(std::optional<Entry> before, const std::string& subject,
                           const Event& event, const Rules& rules);

// Whether the failure says something about the domain, not only about one mailbox or message.
bool concerns_domain(const Event& event);

// "ID: why: to=<address>, class=policy, soft, dsn=5.7.1": in a form that log readers pass over.
std::string log_line(const Event& event);

// Fills in what follows from the counts: rules may have changed since they were written.
void judge(Entry& entry, const Rules& rules);

} // namespace failures
