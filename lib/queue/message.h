// SPDX-License-Identifier: Apache-2.0
// What a queue file says about a message besides its content: the vocabulary of lib/queue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/mail/envelope.h"
#include "lib/mail/queue_id.h"

namespace queue {

// Facts about the content, found while it was written, so that nobody has to read it again.
struct ContentFacts {
    std::uint64_t size = 0;           // Bytes of content, header and body, in wire form.
    std::uint64_t header_size = 0;    // Bytes before the body, the empty line included.
    std::uint32_t longest_line = 0;   // Without its line end.
    std::uint32_t received_count = 0; // Received fields: hops.
    bool has_8bit = false;
    bool has_8bit_header = false; // In the header: wants SMTPUTF8 (RFC 6531).
    bool has_nul = false;
    bool has_dot_lines = false;    // Lines that begin with a dot: need stuffing (RFC 5321 4.5.2).
    bool has_bare_newline = false; // An LF without CR before it.
    bool ends_with_newline = true; // False: the last line has no CRLF. True for empty content.

    bool operator==(const ContentFacts&) const = default;
};

// A fact about the message that only some readers need.
struct Attribute {
    std::string name;
    std::string value;

    bool operator==(const Attribute&) const = default;
};

// Names of attributes that more than one program uses.
namespace attribute {
inline constexpr std::string_view content_filter = "content_filter"; // FILTER action.
inline constexpr std::string_view redirect = "redirect";             // REDIRECT action.
inline constexpr std::string_view hold = "hold"; // Reason; cleanup puts the file into hold.
inline constexpr std::string_view original_queue_id = "original_queue_id";
// "local": addresses are completed as those of this host's own users.
inline constexpr std::string_view rewrite_context = "rewrite_context";
inline constexpr std::string_view login = "login"; // SASL login name.
inline constexpr std::string_view login_method = "login_method";
inline constexpr std::string_view login_sender = "login_sender";
inline constexpr std::string_view trace = "trace";   // "record" or "verify": sendmail -v, -bv.
inline constexpr std::string_view origin = "origin"; // "bounce", "local", "forward": who made it.
inline constexpr std::string_view encoding = "encoding";
inline constexpr std::string_view verp = "verp";                   // Delimiters (lib/mail/verp.h).
inline constexpr std::string_view imported_from = "imported_from"; // postfix import-queue: a path.
// An address with NOTIFY=SUCCESS that cleanup replaced by others: the sender is told. Value: the
// address, what the client said, and ORCPT, with line feeds between them.
inline constexpr std::string_view expanded = "expanded";

// Those that a message has again after postsuper -r, which sends it through cleanup once more.
inline constexpr std::string_view kept[] = {original_queue_id, login, login_method, login_sender,
                                            expanded};
} // namespace attribute

// When the sender is warned, and when the message is returned; zero: the configured times hold.
struct Schedule {
    base::WallTime warn_at{};
    base::WallTime expire_at{};

    bool operator==(const Schedule&) const = default;
};

struct Message {
    mail::QueueId id;
    mail::Envelope envelope;
    Schedule schedule;
    std::vector<Attribute> attributes;
    std::vector<mail::Recipient> recipients;

    bool operator==(const Message&) const = default;

    // The value of the first attribute of that name; empty when there is none.
    std::string_view attribute(std::string_view name) const;
};

// The value with which a writer and a reader refuse a message as unreasonable.
inline constexpr std::uint32_t recipient_limit = 1'000'000;
inline constexpr std::uint32_t record_limit = 256 * 1024; // Bytes of one envelope record.
inline constexpr std::uint32_t attribute_limit = 1000;

} // namespace queue
