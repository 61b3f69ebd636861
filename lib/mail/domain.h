// SPDX-License-Identifier: Apache-2.0
// Whether a text may be a host name or an address literal. Syntax only; nothing is looked up.
#pragma once

#include <string_view>

namespace mail {

inline constexpr std::size_t domain_limit = 255; // RFC 5321 4.5.3.1.2.
inline constexpr std::size_t label_limit = 63;   // RFC 1035 2.3.4.

// Letters, digits, '-' and '_' in labels of 1 to 63 bytes, joined by single dots, not all digits
// and dots, at most 255 bytes. With `allow_utf8`, well-formed UTF-8 counts as letters (RFC 6531).
bool is_hostname(std::string_view text, bool allow_utf8 = false);

bool is_ipv4_address(std::string_view text); // Four decimal octets, no more and no less.
bool is_ipv6_address(std::string_view text); // RFC 4291 2.2, without a zone.

// "[192.0.2.1]" or "[IPv6:2001:db8::1]" with the brackets (RFC 5321 4.1.3).
bool is_address_literal(std::string_view text);

// What may follow the '@' of an address: a host name or an address literal.
bool is_mail_domain(std::string_view text, bool allow_utf8 = false);

} // namespace mail
