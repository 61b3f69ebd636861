// SPDX-License-Identifier: Apache-2.0
// Small texts that several checks use.
#pragma once

#include <string>

#include "lib/net/address.h"

namespace doctor {

// "3 days", "5 hours", "40 minutes", "12 seconds": the largest unit that has two of them, or one
// of the smaller. Negative spans count as none.
std::string words_for(long long seconds);

// The name under which an address is asked for below `zone`: 4.3.2.1.zone, or 32 nibbles
// (RFC 5782 2.1, 2.4; RFC 3596 2.5).
std::string reversed_name(const net::Address& address, std::string_view zone);

} // namespace doctor
