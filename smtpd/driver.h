// SPDX-License-Identifier: Apache-2.0
// Moves bytes between a client's socket and its session, and keeps the time: replies are written
// when nothing more waits to be handled, so that a pipelined group gets one answer.
#pragma once

#include "lib/base/task.h"
#include "lib/net/stream.h"
#include "lib/smtp/server_session.h"
#include "smtpd/session_record.h"

namespace smtpd {

struct DriverSettings {
    base::Duration timeout = std::chrono::seconds(300); // smtpd_timeout
    bool per_request_deadline = false;                  // smtpd_per_request_deadline
    std::int64_t min_data_rate = 500;                   // smtpd_min_data_rate, bytes per second
    base::Duration greet_wait{};                        // Pause in which a client must be silent.
};

// Runs the dialogue to its end. Everything referred to outlives the task. `record` may be null.
base::Task<void> drive(smtp::ServerSession& session, net::Stream& stream, DriverSettings settings,
                       SessionRecord* record = nullptr);

} // namespace smtpd
