// SPDX-License-Identifier: Apache-2.0
// Addresses that stand where a domain does.
#pragma once

#include <optional>
#include <string_view>

#include "lib/net/address.h"

namespace route {

// "[192.0.2.1]" or "[IPv6:2001:db8::1]" (RFC 5321 section 4.1.3); nothing for other text.
std::optional<net::Address> parse_address_literal(std::string_view domain);

} // namespace route
