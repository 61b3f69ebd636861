// SPDX-License-Identifier: Apache-2.0
// A DNS message (RFC 1035 section 4) turned into records. Strict: what is not well-formed, or does
// not belong to the question, is left out or refused.
#pragma once

#include <string_view>

#include "lib/ipc/messages/resolver.h"

namespace resolver {

// Records, and all answers together, beyond these are left out: a bound on what one question may
// cost everybody (RFC 1035 allows far more than mail ever needs).
inline constexpr std::size_t record_limit = 1000;
inline constexpr int cname_limit = 16;

// Reads the answer to a question for `type`. The status is NoData when there is no record of that
// type, NoDomain for RCODE 3, TemporaryFailure for other codes and for malformed messages.
ipc::resolver::Answer parse_answer(std::string_view message, std::uint16_t type);

// "4.3.2.1.in-addr.arpa" for an IPv4 or IPv6 address in network order (4 or 16 bytes).
std::string reverse_domain(std::string_view address_bytes);

} // namespace resolver
