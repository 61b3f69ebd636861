// SPDX-License-Identifier: Apache-2.0
// What the bounce service understands: make a delivery status notification (RFC 3464) and hand it
// to cleanup. The queue manager removes a failed message only after the answer says that the notice
// is safe.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/mail_types.h"
#include "lib/ipc/protocol.h"

namespace ipc::bounce {

enum class Kind : std::uint8_t {
    Failure,
    Delay,
    Success,
    Verified, // What would have become of each recipient: sendmail -bv.
    Recorded, // What became of each: sendmail -v.
};

struct Report { // One recipient of the notice.
    mail::Recipient recipient;
    mail::Outcome outcome;
    static constexpr auto fields =
        std::tuple{field("recipient", &Report::recipient), field("outcome", &Report::outcome)};
};

struct Notified {
    // Of the notice to the sender; empty when none was owed (null sender, NOTIFY=NEVER).
    std::string queue_id;
    static constexpr auto fields = std::tuple{field("queue_id", &Notified::queue_id)};
};

struct Notify {
    Kind kind = Kind::Failure;
    Descriptor message; // The queue file, read-only.
    std::uint64_t content_offset = 0;
    std::uint64_t content_size = 0;
    std::string queue_id;
    mail::Envelope envelope;
    std::string to;               // Who is told; empty: the envelope's sender.
    base::WallTime retry_until{}; // For Delay.
    std::vector<Report> reports;
    using Response = Notified;
    static constexpr std::string_view name = "notify";
    static constexpr auto fields = std::tuple{field("kind", &Notify::kind),
                                              field("message", &Notify::message),
                                              field("content_offset", &Notify::content_offset),
                                              field("content_size", &Notify::content_size),
                                              field("queue_id", &Notify::queue_id),
                                              field("envelope", &Notify::envelope),
                                              field("to", &Notify::to),
                                              field("retry_until", &Notify::retry_until),
                                              field("reports", &Notify::reports)};
};

struct Protocol : Requests<Notify> {
    static constexpr std::string_view name = "bounce";
    static constexpr unsigned version = 2;
};

} // namespace ipc::bounce

template <> inline constexpr auto ipc::last_of<ipc::bounce::Kind> = ipc::bounce::Kind::Recorded;
