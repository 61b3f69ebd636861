// SPDX-License-Identifier: Apache-2.0
// What became of one recipient in one delivery attempt: the value that delivery agents return to
// the queue manager, and that the queue file, the log and notices show.
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/clock.h"
#include "lib/mail/failure_class.h"

namespace mail {

enum class Status : std::uint8_t {
    Queued,   // Not attempted yet.
    Sent,     // Delivered, or discarded by rule: done.
    Deferred, // Try again later.
    Bounced,  // Failed for good; the sender is told.
    Expanded, // Replaced by other recipients: done.
};

struct Outcome {
    Status status = Status::Queued;
    std::string dsn;   // Enhanced status code "X.Y.Z" (RFC 3463).
    std::string text;  // The reason, as the log shows it between parentheses.
    std::string relay; // "host[addr]:port", "none", "local", ...: the log's relay= field.
    std::string mta;   // The remote host's name, or empty when none replied.
    std::string reply; // The host's full reply with code; without mta, a command's. RFC 3464 2.3.6
    base::WallTime when{};
    Failure failure{};    // Of which class; the queue manager fills it in where the agent did not.
    bool relayed = false; // Sent to a system from which it may go on (RFC 3464 2.3.3).

    bool operator==(const Outcome&) const = default;

    bool final() const { return status != Status::Queued && status != Status::Deferred; }
};

} // namespace mail
