// SPDX-License-Identifier: Apache-2.0
// What cleanup understands: one message at a time per connection, in this order: open, any number
// of recipient and content, finish. abandon drops the message at any point; so does closing. The
// connection is then ready for the next message.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/mail_types.h"
#include "lib/ipc/protocol.h"

namespace ipc::cleanup {

// A named value that goes into the message's envelope: content_filter, redirect, hold reason, ...
struct Attribute {
    std::string key;
    std::string value;
    static constexpr auto fields =
        std::tuple{field("key", &Attribute::key), field("value", &Attribute::value)};
    bool operator==(const Attribute&) const = default;
};

// What cleanup is to leave out or to do for this message; bits of Open::options.
namespace option {
inline constexpr std::uint32_t no_header_body_checks = 1; // receive_override_options
inline constexpr std::uint32_t no_address_mappings = 2;
inline constexpr std::uint32_t no_milters = 4;
inline constexpr std::uint32_t local_rewrite = 8; // Complete addresses and add missing headers.
inline constexpr std::uint32_t internal = 16;   // Our own notice: no checks, no mappings by class.
inline constexpr std::uint32_t trace = 32;      // Delivery report wanted (sendmail -v).
inline constexpr std::uint32_t verify = 64;     // The same, of a trial without delivery (-bv).
inline constexpr std::uint32_t show_port = 128; // Log lines show the client's port.
} // namespace option

struct Opened {
    std::string queue_id;
    static constexpr auto fields = std::tuple{field("queue_id", &Opened::queue_id)};
};

// An error's text is the SMTP reply that fits: "452 4.3.1 Insufficient system storage".
struct Open {
    mail::Envelope envelope;
    std::uint32_t options = 0;
    using Response = Opened;
    static constexpr bool begins_work = true;
    static constexpr std::string_view name = "open";
    static constexpr auto fields =
        std::tuple{field("envelope", &Open::envelope), field("options", &Open::options)};
};

struct Recipient {
    mail::Recipient recipient;
    using Response = None;
    static constexpr std::string_view name = "recipient";
    static constexpr auto fields = std::tuple{field("recipient", &Recipient::recipient)};
};

// An access action or a header to prepend: see smtpd's access(5) actions. Keys:
//   hold, discard, redirect, filter, bcc: at any time; a later filter or redirect replaces one;
//   verp (two delimiters, lib/mail/verp.h: each recipient sees a sender of his own): at any time;
//   prepend (a header line), login (SASL login name: the client is authenticated, and the name is
//   kept), show_login (the same, and the Received field shows the name), tls (the session is
//   encrypted), uid (local submission: the user's number), full_name (that user's), keep (of a
//   message that was requeued: an attribute as NAME=value): before content.
struct Action {
    Attribute action;
    using Response = None;
    static constexpr std::string_view name = "action";
    static constexpr auto fields = std::tuple{field("action", &Action::action)};
};

// Message content in wire form: CRLF line ends, dots not stuffed. Cut anywhere; at most 64 KiB.
struct Content {
    Bytes bytes; // Valid for the handler's time.
    using Response = None;
    static constexpr std::string_view name = "content";
    static constexpr auto fields = std::tuple{field("bytes", &Content::bytes)};
};
inline constexpr std::size_t content_limit = 65536;

// How it ended. Ok: the message is on disk, file and directory. Otherwise it is gone, and `dsn` and
// `text` say why ("4.3.0", "Error: queue file write error").
enum class Verdict : std::uint8_t { Ok, Temporary, Permanent };

struct Finished {
    Verdict verdict = Verdict::Temporary;
    int code = 0; // SMTP reply code that fits; 0: the generic one of the verdict.
    std::string dsn;
    std::string text;
    static constexpr auto fields =
        std::tuple{field("verdict", &Finished::verdict), field("code", &Finished::code),
                   field("dsn", &Finished::dsn), field("text", &Finished::text)};
};

struct Finish {
    using Response = Finished;
    static constexpr bool ends_work = true;
    static constexpr std::string_view name = "finish";
    static constexpr std::tuple<> fields{};
};

struct Abandon {
    using Response = None;
    static constexpr bool ends_work = true;
    static constexpr std::string_view name = "abandon";
    static constexpr std::tuple<> fields{};
};

struct Protocol : Requests<Open, Recipient, Action, Content, Finish, Abandon> {
    static constexpr std::string_view name = "cleanup";
    static constexpr unsigned version = 1;
};

} // namespace ipc::cleanup

template <>
inline constexpr auto ipc::last_of<ipc::cleanup::Verdict> = ipc::cleanup::Verdict::Permanent;
