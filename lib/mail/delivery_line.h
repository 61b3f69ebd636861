// SPDX-License-Identifier: Apache-2.0
// The log line of one recipient's delivery attempt: the line that everybody who reads mail logs
// depends on. Agents and the queue manager write it through this one function.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/mail/envelope.h"
#include "lib/mail/outcome.h"

namespace mail {

// The stations of an attempt; delays= shows the time between one and the next.
struct DeliveryTimes {
    base::WallTime arrival{};   // In the queue.
    base::WallTime activated{}; // Taken up by the queue manager.
    base::WallTime started{};   // Given to an agent.
    base::WallTime
        connected{}; // The agent's connection was set up; equal to `started` if none was.
    base::WallTime finished{};
};

struct DeliveryLine {
    const DeliveryTimes& times;
    unsigned connection_uses = 0; // Messages over this connection so far; shown from 2 on.
    bool softened = false;        // It would have failed for good, but for soft_bounce.
    bool probe = false;           // Nothing was to be delivered: "deliverable" or "undeliverable".
};

// "ID: to=<rcpt>, relay=R, delay=D, delays=a/b/c/d, dsn=X.Y.Z, status=S (TEXT)".
std::string delivery_line(std::string_view queue_id, const Recipient& recipient,
                          const Outcome& outcome, const DeliveryLine& line);

// Seconds with two significant digits below ten and none after the second decimal; whole seconds
// from ten on.
std::string format_delay(base::Duration delay);

} // namespace mail
