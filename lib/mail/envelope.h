// SPDX-License-Identifier: Apache-2.0
// The envelope: who sends, who receives, and what the client asked for. These values travel from
// smtpd through cleanup and the queue to the delivery agents.
//
// Addresses here are in internal form, as in Postfix: the local part without quoting, so that
// `"a b"@c` is stored as `a b@c`; lib/mail/address.h converts. The null sender is "".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/clock.h"

namespace mail {

// RFC 3461 section 4.1, as a set of bits; 0 means that the sender said nothing.
namespace notify {
inline constexpr std::uint8_t never = 1, success = 2, failure = 4, delay = 8;
}

// RFC 3461 section 4.3.
enum class DsnReturn : std::uint8_t { Unspecified, Full, Headers };

// RFC 6152 BODY; what the client declared, or what cleanup found.
enum class BodyType : std::uint8_t { Unspecified, SevenBit, EightBitMime };

struct Recipient {
    std::string address;         // Where it goes now, after all rewriting.
    std::string original;        // What the client said (orig_to); equal to address if unchanged.
    std::string dsn_orcpt;       // RFC 3461 ORCPT as "type;decoded value", or empty.
    std::uint8_t dsn_notify = 0; // notify:: bits.

    bool operator==(const Recipient&) const = default;
};

// The client as the log, headers and access rules show it; "unknown" where nothing is known.
struct Client {
    std::string name = "unknown";         // Confirmed forward and back, or "unknown".
    std::string reverse_name = "unknown"; // The PTR name, confirmed or not.
    std::string address = "unknown";      // Without brackets; IPv6 without the "IPv6:" tag.
    std::uint16_t port = 0;
    std::string helo;
    std::string protocol; // SMTP, ESMTP, or empty for local submission.

    bool shows_port = false; // smtpd_client_port_logging; neither sent on nor stored.

    // "name[address]", or "name[address]:port", as log lines show it.
    std::string name_and_address() const
    {
        std::string text = name + "[" + address + "]";
        return shows_port ? text + ":" + std::to_string(port) : text;
    }
    bool operator==(const Client&) const = default;
};

struct Envelope {
    std::string sender;
    Client client;
    base::WallTime arrival{};
    std::string dsn_envid; // Decoded xtext (RFC 3461 section 4.4), or empty.
    DsnReturn dsn_return = DsnReturn::Unspecified;
    BodyType body = BodyType::Unspecified;
    bool smtputf8 = false;          // The client asked for SMTPUTF8 (RFC 6531).
    std::int64_t declared_size = 0; // SIZE= (RFC 1870), 0 when absent.

    bool operator==(const Envelope&) const = default;
};

} // namespace mail
