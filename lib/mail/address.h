// SPDX-License-Identifier: Apache-2.0
// Envelope addresses: from the argument of MAIL FROM and RCPT TO to the internal form in which
// they travel, and back. Internal form is unquoted: `"a b"@c` is `a b@c`; the null sender is "".
// The domain starts after the last '@'. Linear time; comments and groups are not accepted.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace mail {

// RFC 5321 4.5.3.1.1 asks servers to accept 64 bytes; like Postfix we accept more, up to the
// whole address's limit.
inline constexpr std::size_t local_part_minimum = 64;
inline constexpr std::size_t address_limit = 2000;

struct PathRules {
    bool strict = false;     // strict_rfc821_envelopes: angle brackets needed, no blanks.
    bool allow_utf8 = false; // RFC 6531.
    bool allow_null = false; // "<>" is the null sender.
};

// RFC 5321 4.1.2 Reverse-path and Forward-path. A source route is dropped. When not strict, these
// are taken too: no angle brackets, blanks around the address, dots at odd places of the local
// part, quoted pairs outside of a quoted string, and an unquoted '@' in the local part. A domain,
// where there is one, is a host name or an address literal. Control characters are never accepted.
base::Result<std::string> parse_path(std::string_view text, PathRules rules);

// The two halves of an internal address; without '@' all of it is the local part.
std::string_view local_part(std::string_view address);
std::string_view domain(std::string_view address);

// The address with its local part quoted where RFC 5321 wants that. "" stays "".
std::string quote_address(std::string_view address);

} // namespace mail
