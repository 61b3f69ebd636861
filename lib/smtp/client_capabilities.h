// SPDX-License-Identifier: Apache-2.0
// What a server offers in its reply to EHLO or LHLO (RFC 5321 section 4.1.1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/smtp/reply_parser.h"

namespace smtp {

// The service extensions the client knows, as bits.
namespace extension {
inline constexpr std::uint32_t pipelining = 1 << 0;     // RFC 2920
inline constexpr std::uint32_t size = 1 << 1;           // RFC 1870
inline constexpr std::uint32_t eight_bit_mime = 1 << 2; // RFC 6152
inline constexpr std::uint32_t smtputf8 = 1 << 3;       // RFC 6531
inline constexpr std::uint32_t dsn = 1 << 4;            // RFC 3461
inline constexpr std::uint32_t enhanced_codes = 1 << 5; // RFC 2034
inline constexpr std::uint32_t chunking = 1 << 6;       // RFC 3030
inline constexpr std::uint32_t starttls = 1 << 7;       // RFC 3207
inline constexpr std::uint32_t auth = 1 << 8;           // RFC 4954
inline constexpr std::uint32_t xforward = 1 << 9;       // Postfix's own
} // namespace extension

struct Capabilities {
    std::uint32_t offered = 0;       // extension:: bits.
    std::uint64_t size_limit = 0;    // Octets; 0: none announced.
    std::string auth_mechanisms;     // Separated by single blanks, as offered.
    std::string xforward_attributes; // Likewise.
    std::string server_name;         // First word of the reply.
    std::string bad_size;            // A SIZE argument that is no number, for the log.
    std::string discarded;           // Known keywords that were offered but are to be ignored.

    bool has(std::uint32_t bit) const { return (offered & bit) != 0; }
    bool operator==(const Capabilities&) const = default;
};

// Reads a reply to EHLO. `discard` is a list of keywords to ignore, as in
// smtp_discard_ehlo_keywords; keywords that nobody knows are ignored anyway. The old spelling
// "AUTH=mechanisms" is understood.
Capabilities parse_capabilities(const ServerReply& reply, std::string_view discard);

} // namespace smtp
