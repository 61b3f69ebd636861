// SPDX-License-Identifier: Apache-2.0
// Forms of destinations; see destination.h.
#include "lib/delivery/destination.h"

#include <netdb.h>
#include <netinet/in.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace delivery {

using base::Result;

Result<std::uint16_t> parse_port(std::string_view text)
{
    struct Known {
        std::string_view name;
        std::uint16_t port;
    };
    static constexpr Known known[] = {
        {"smtp", 25}, {"lmtp", 24}, {"submission", 587}, {"submissions", 465}, {"smtps", 465}};
    const auto number = base::parse_int<std::uint16_t>(text);
    if (number && *number != 0)
        return *number;
    for (const Known& service : known)
        if (service.name == text)
            return service.port;
    const std::string name(text);
    const servent* found = name.empty() || number ? nullptr : ::getservbyname(name.c_str(), "tcp");
    if (found == nullptr)
        return base::permanent(base::cat("unknown service: ", text, "/tcp"));
    return ntohs(static_cast<std::uint16_t>(found->s_port));
}

// Cuts ":port" off `rest` and reads it.
static Result<std::uint16_t> take_port(std::string_view& rest, std::uint16_t default_port)
{
    const std::size_t bracket = rest.rfind(']');
    const std::size_t colon = rest.rfind(':');
    const bool after_bracket = bracket != std::string_view::npos && colon != bracket + 1;
    const bool bare_ipv6 = bracket == std::string_view::npos && rest.find(':') != colon;
    if (colon == std::string_view::npos || after_bracket || bare_ipv6)
        return default_port;
    auto port = parse_port(rest.substr(colon + 1));
    rest = rest.substr(0, colon);
    return port;
}

Result<Destination> parse_destination(std::string_view text, std::uint16_t default_port,
                                      bool with_types)
{
    Destination made;
    made.text = text;
    std::string_view rest = text;
    if (with_types && rest.starts_with("unix:")) {
        made.path = rest.substr(5);
        if (made.path.empty())
            return base::permanent(base::cat("bad destination: ", text));
        return made;
    }
    if (with_types && rest.starts_with("inet:"))
        rest.remove_prefix(5);
    const auto port = take_port(rest, default_port);
    if (!port)
        return port.error();
    made.port = *port;
    if (rest.starts_with('[')) {
        if (!rest.ends_with(']'))
            return base::permanent(base::cat("bad destination: ", text));
        made.enclosed = true;
        rest = rest.substr(1, rest.size() - 2);
        if (base::istarts_with(rest, "ipv6:"))
            rest.remove_prefix(5);
    }
    if (rest.empty())
        return base::permanent(base::cat("bad destination: ", text));
    made.host = rest;
    return made;
}

std::vector<std::string_view> split_destinations(std::string_view next_hop)
{
    return base::split(next_hop, ", \t");
}

} // namespace delivery
