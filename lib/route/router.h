// SPDX-License-Identifier: Apache-2.0
// Router: what is to be done with a recipient: address class, delivery agent, next hop. Asks tables
// only; DNS comes later, in the delivery agent.
#pragma once

#include <optional>
#include <string>

#include "lib/route/destinations.h"

namespace route {

struct Route {
    std::string transport; // A service of master.cf; "error" and "retry" have a text as next hop.
    std::string nexthop;   // A domain, [host], host:port, path: what the transport understands.
    std::string recipient; // The address with routes taken out, in internal form, with a domain.
    AddressClass address_class = AddressClass::Default;
    bool routed = false; // The local part goes on to other hosts: not for strangers.
    bool bad_syntax =
        false; // No address that mail can be sent to; transport and nexthop are empty.

    bool operator==(const Route&) const = default;
};

class Router {
public:
    // `destinations` outlives it. Opens tables.
    Router(table::Tables& tables, const Destinations& destinations);
    Router(const Router&) = delete;

    // `sender` may choose the next hop; "" is the null sender. Errors are temporary.
    base::Task<base::Result<Route>> resolve(std::string sender, std::string recipient) const;

private:
    struct Hop { // "transport:nexthop", either may be empty.
        std::string transport;
        std::string nexthop;
    };
    static Hop parse_hop(std::string_view text);

    base::Task<base::Result<bool>> strip_routes(std::string& address, std::string& domain) const;
    base::Task<base::Result<void>> choose_hop(std::string sender, Route& route) const;
    base::Task<base::Result<void>> choose_remote(std::string sender, Route& route, Hop hop) const;
    base::Task<base::Result<void>> apply_transport_map(Route& route) const;
    base::Task<base::Result<void>> apply_relocated(Route& route) const;
    base::Task<base::Result<std::optional<std::string>>>
    find_for_sender(const table::Maps& maps, std::string sender, std::string null_key) const;

    const Destinations& destinations_;
    const config::RouteParams& params_;
    table::Maps transport_maps_;
    table::Maps relocated_maps_;
    table::Maps sender_relayhost_maps_;
    table::Maps sender_transport_maps_;
};

// Whether mail from a stranger may go this way: to our own domains, and not on from there.
bool is_authorized_destination(const Route& route, bool allow_untrusted_routing);

// RFC 1123 section 2.1, with underscores and 8-bit text (RFC 6531); not all digits and dots.
bool is_host_name(std::string_view text);

} // namespace route
