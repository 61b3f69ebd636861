// SPDX-License-Identifier: Apache-2.0
// Between the queue manager and every delivery agent (smtp, lmtp, error, discard, local, ...). The
// queue manager keeps one connection to each worker and puts many requests on it; a worker says how
// many it takes at a time. An agent never opens the queue: it gets the message as an open
// descriptor, read-only.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/mail_types.h"
#include "lib/ipc/protocol.h"

namespace ipc::delivery {

struct Capacity {
    std::uint32_t requests = 1; // Deliveries that this worker does at a time.
    static constexpr auto fields = std::tuple{field("requests", &Capacity::requests)};
};
struct Announce { // The first call on a connection.
    using Response = Capacity;
    static constexpr std::string_view name = "announce";
    static constexpr std::tuple<> fields{};
};

// What cleanup found in the content; decides whether it can leave as it is.
struct ContentFacts {
    std::uint64_t offset = 0;       // Of the content region in the file.
    std::uint64_t size = 0;         // Bytes, CRLF counted.
    std::uint64_t longest_line = 0; // Bytes without CRLF.
    bool has_8bit = false;
    bool has_8bit_header = false;
    bool has_bare_newline = false;
    bool has_dot_lines = false; // Some line begins with a dot.
    bool has_nul = false;
    bool ends_with_newline = true;
    static constexpr auto fields =
        std::tuple{field("offset", &ContentFacts::offset),
                   field("size", &ContentFacts::size),
                   field("longest_line", &ContentFacts::longest_line),
                   field("has_8bit", &ContentFacts::has_8bit),
                   field("has_8bit_header", &ContentFacts::has_8bit_header),
                   field("has_bare_newline", &ContentFacts::has_bare_newline),
                   field("has_dot_lines", &ContentFacts::has_dot_lines),
                   field("has_nul", &ContentFacts::has_nul),
                   field("ends_with_newline", &ContentFacts::ends_with_newline)};
};

// What an agent says of the destination as a whole: the scheduler's feedback.
enum class Health : std::uint8_t {
    Ok,          // The destination talked to us, whatever became of the recipients.
    Unreachable, // No conversation came about: counts against the destination.
    Unknown,     // Local trouble; says nothing about the destination.
};

struct Delivered {
    std::vector<mail::Outcome> outcomes; // One per recipient, in the order of the request.
    Health health = Health::Unknown;
    std::string reason; // For Unreachable: what happened, as the log shows it.
    // Places in `outcomes` whose success the next host tells the sender of, if asked to (RFC 3461).
    std::vector<std::uint32_t> onward;
    static constexpr auto fields =
        std::tuple{field("outcomes", &Delivered::outcomes), field("health", &Delivered::health),
                   field("reason", &Delivered::reason), field("onward", &Delivered::onward)};
};

struct Deliver {
    Descriptor message;
    std::string queue_id;
    mail::Envelope envelope;
    ContentFacts content;
    std::string next_hop; // As routing gave it: "[host]:port", "domain", a UNIX socket, a text.
    std::vector<mail::Recipient> recipients;
    base::WallTime activated{};  // When the queue manager took it up; delays= field a.
    base::Duration queued_for{}; // Waited in the queue manager since; field b.
    bool trace = false;          // Verification: log "deliverable" instead of delivering.
    bool soft_bounce = false;    // What fails for good only waits.
    using Response = Delivered;
    static constexpr std::string_view name = "deliver";
    static constexpr auto fields = std::tuple{
        field("message", &Deliver::message),     field("queue_id", &Deliver::queue_id),
        field("envelope", &Deliver::envelope),   field("content", &Deliver::content),
        field("next_hop", &Deliver::next_hop),   field("recipients", &Deliver::recipients),
        field("activated", &Deliver::activated), field("queued_for", &Deliver::queued_for),
        field("trace", &Deliver::trace),         field("soft_bounce", &Deliver::soft_bounce)};
};

struct Protocol : Requests<Announce, Deliver> {
    static constexpr std::string_view name = "delivery";
    static constexpr unsigned version = 1;
};

} // namespace ipc::delivery

template <>
inline constexpr auto ipc::last_of<ipc::delivery::Health> = ipc::delivery::Health::Unknown;
