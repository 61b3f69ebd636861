// SPDX-License-Identifier: Apache-2.0
// Address literals; see address_literal.h.
#include "lib/route/address_literal.h"

#include "lib/base/strings.h"

namespace route {

std::optional<net::Address> parse_address_literal(std::string_view domain)
{
    if (domain.size() < 3 || domain.front() != '[' || domain.back() != ']')
        return std::nullopt;
    std::string_view inside = domain.substr(1, domain.size() - 2);
    bool ipv6 = base::istarts_with(inside, "IPv6:");
    if (ipv6)
        inside.remove_prefix(5);
    // The tag decides about the family; a tagged IPv4 address is no literal.
    bool looks_ipv6 = inside.find(':') != std::string_view::npos;
    if (ipv6 != looks_ipv6)
        return std::nullopt;
    return net::Address::parse(inside);
}

} // namespace route
