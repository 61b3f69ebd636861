// SPDX-License-Identifier: Apache-2.0
// Router; see router.h.
#include "lib/route/router.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/route/address_literal.h"

namespace route {

// Rounds of taking routes out of one address: more hops than any real route has.
static constexpr int kRouteRounds = 100;

bool is_host_name(std::string_view text)
{
    if (text.empty() || text.size() > 255)
        return false;
    bool numeric = true;
    while (true) {
        auto end = std::min(text.find('.'), text.size());
        std::string_view label = text.substr(0, end);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
            return false;
        for (char c : label) {
            if (!base::is_alnum(c) && c != '-' && c != '_' && (c & 0x80) == 0)
                return false;
            numeric = numeric && base::is_digit(c);
        }
        if (end == text.size())
            return !numeric;
        text.remove_prefix(end + 1);
    }
}

bool is_authorized_destination(const Route& route, bool allow_untrusted_routing)
{
    if (route.bad_syntax || route.address_class == AddressClass::Default)
        return false;
    return !route.routed || allow_untrusted_routing;
}

Router::Router(table::Tables& tables, const Destinations& destinations)
    : destinations_(destinations), params_(destinations.params()),
      transport_maps_(tables, "transport_maps", params_.transport_maps()),
      relocated_maps_(tables, "relocated_maps", params_.relocated_maps()),
      sender_relayhost_maps_(tables, "sender_dependent_relayhost_maps",
                             params_.sender_dependent_relayhost_maps()),
      sender_transport_maps_(tables, "sender_dependent_default_transport_maps",
                             params_.sender_dependent_default_transport_maps())
{
}

Router::Hop Router::parse_hop(std::string_view text)
{
    text = base::trim(text);
    std::string_view nexthop = text;
    std::string_view transport = base::cut(nexthop, ':');
    return {std::string(base::trim(transport)), std::string(base::trim(nexthop))};
}

static bool has_operator(std::string_view local, const config::RouteParams& params)
{
    if (local.find('@') != std::string_view::npos)
        return true;
    return (params.swap_bangpath() && local.find('!') != std::string_view::npos) ||
           (params.allow_percent_hack() && local.find('%') != std::string_view::npos);
}

// The rightmost operator of a local part, whatever it would be quoted by: what is inside quotation
// marks would else pass the relay rules, and be read as a route by the next host.
static std::string read_quoted(std::string local, const config::RouteParams& params)
{
    if (local.rfind('@') != std::string::npos)
        return local;
    auto percent = params.allow_percent_hack() ? local.rfind('%') : std::string::npos;
    if (percent != std::string::npos) {
        local[percent] = '@';
        return local;
    }
    auto bang = params.swap_bangpath() ? local.find('!') : std::string::npos;
    if (bang == std::string::npos)
        return local;
    return base::cat(local.substr(bang + 1), "@", local.substr(0, bang));
}

// Takes own domains, and the routes that they leave, off `address`: what is left in it is the local
// part, with "@domain" when the domain is not ours. True when it is ours; `domain` is then the last
// one taken off.
base::Task<base::Result<bool>> Router::strip_routes(std::string& address, std::string& domain) const
{
    domain = destinations_.myhostname();
    for (int round = 0; round < kRouteRounds; ++round) {
        if (address.size() > 1 && address.back() == '.' && address[address.size() - 2] != '.' &&
            address[address.size() - 2] != '@')
            address.pop_back();
        if (params_.resolve_null_domain() && !address.empty() && address.back() == '@')
            address.pop_back();
        auto at = address.rfind('@');
        if (at != std::string::npos) {
            std::string right = address.substr(at + 1);
            base::Result<bool> local = true;
            if (!right.empty())
                local = co_await destinations_.is_local(right);
            if (!local || !*local)
                co_return local;
            domain = std::move(right);
            address.resize(at);
        }
        if (!has_operator(address, params_))
            co_return true;
        bool opaque = table::quote_local_part(address) != address;
        if (opaque && !params_.resolve_dequoted_address())
            co_return true;
        std::string next = destinations_.rewriter().rewrite(address, Context::Local);
        address = opaque || next == address ? read_quoted(address, params_) : std::move(next);
    }
    co_return base::permanent("address has too many routes");
}

static bool is_valid_domain(std::string& domain, const config::RouteParams& params)
{
    if (!domain.empty() && domain.front() == '[')
        return parse_address_literal(domain).has_value();
    if (params.resolve_numeric_domain() && net::Address::parse(domain)) {
        domain = base::cat("[", domain, "]");
        return true;
    }
    return is_host_name(domain);
}

base::Task<base::Result<Route>> Router::resolve(std::string sender, std::string recipient) const
{
    Route route;
    std::string domain;
    std::string address = recipient;
    auto local = co_await strip_routes(address, domain);
    if (!local)
        co_return local.error();
    if (!*local) {
        auto parts = table::split_address(address);
        domain = parts.domain;
        route.routed = parts.local.find_first_of("@!%") != std::string_view::npos;
        address = std::string(parts.local);
    }
    if (address.empty())
        address = params_.empty_address_recipient();
    route.bad_syntax =
        !is_valid_domain(domain, params_) || (!params_.allow_min_user() && address.front() == '-');
    route.recipient = base::cat(address, "@", domain);
    if (*local && !domain.empty())
        route.address_class = AddressClass::Local;
    if (route.bad_syntax)
        co_return route;
    auto chosen = co_await choose_hop(std::move(sender), route);
    if (!chosen)
        co_return chosen.error();
    co_return route;
}

base::Task<base::Result<void>> Router::choose_hop(std::string sender, Route& route) const
{
    std::string domain(table::split_address(route.recipient).domain);
    if (route.address_class != AddressClass::Local) {
        auto found = co_await destinations_.classify(domain);
        if (!found)
            co_return found.error();
        route.address_class = *found;
    }
    base::Result<void> done;
    route.nexthop = domain;
    switch (route.address_class) {
    case AddressClass::Local: {
        Hop hop = parse_hop(params_.local_transport());
        route.transport = hop.transport;
        route.nexthop = hop.nexthop.empty() ? destinations_.myhostname() : hop.nexthop;
        break;
    }
    case AddressClass::VirtualAlias: {
        // Not even a transport map makes such an address exist.
        std::string_view where =
            params_.show_user_unknown_table_name() ? " in virtual alias table" : "";
        route.transport = "error";
        route.nexthop = base::cat("5.1.1 User unknown", where);
        co_return done;
    }
    case AddressClass::VirtualMailbox: {
        Hop hop = parse_hop(params_.virtual_transport());
        route.transport = hop.transport;
        if (!hop.nexthop.empty())
            route.nexthop = hop.nexthop;
        break;
    }
    case AddressClass::Relay:
        done = co_await choose_remote(sender, route, parse_hop(params_.relay_transport()));
        break;
    case AddressClass::Default: {
        Hop hop = parse_hop(params_.default_transport());
        auto by_sender =
            co_await find_for_sender(sender_transport_maps_, sender,
                                     params_.empty_address_default_transport_maps_lookup_key());
        if (!by_sender)
            co_return by_sender.error();
        if (*by_sender)
            hop = parse_hop(**by_sender);
        done = co_await choose_remote(sender, route, std::move(hop));
        break;
    }
    }
    if (done)
        done = co_await apply_transport_map(route);
    if (done)
        done = co_await apply_relocated(route);
    co_return done;
}

base::Task<base::Result<std::optional<std::string>>>
Router::find_for_sender(const table::Maps& maps, std::string sender, std::string null_key) const
{
    std::optional<std::string> nothing;
    if (maps.empty())
        co_return nothing;
    if (sender.empty()) {
        auto found = co_await maps.find(null_key);
        if (found && *found && base::iequals(**found, "DUNNO"))
            co_return nothing;
        co_return found;
    }
    auto hit = co_await destinations_.find_address(maps, sender);
    if (!hit)
        co_return hit.error();
    if (!*hit || base::iequals((*hit)->value, "DUNNO"))
        co_return nothing;
    co_return std::optional(std::move((*hit)->value));
}

// The next hop of mail that leaves: from the transport's own setting, else by sender, else
// relayhost, else the recipient's domain, which is there already.
base::Task<base::Result<void>> Router::choose_remote(std::string sender, Route& route,
                                                     Hop hop) const
{
    route.transport = hop.transport;
    if (!hop.nexthop.empty()) {
        route.nexthop = hop.nexthop;
        co_return base::Result<void>{};
    }
    auto by_sender = co_await find_for_sender(sender_relayhost_maps_, std::move(sender),
                                              params_.empty_address_relayhost_maps_lookup_key());
    if (!by_sender)
        co_return by_sender.error();
    if (*by_sender)
        route.nexthop = **by_sender;
    else if (!params_.relayhost().empty())
        route.nexthop = params_.relayhost();
    co_return base::Result<void>{};
}

// transport(5): user+ext@domain, user@domain, domain, parent domains, then "*".
base::Task<base::Result<void>> Router::apply_transport_map(Route& route) const
{
    if (transport_maps_.empty())
        co_return base::Result<void>{};
    auto rules = destinations_.address_rules();
    rules.parents_without_dot = destinations_.parents_without_dot("transport_maps");
    using namespace table::keys;
    auto all = table::address_keys(route.recipient, full | no_extension | domain | parents, rules);
    all.push_back({"*", table::Part::Partial});
    auto hit = co_await table::find_first(transport_maps_, std::move(all), false);
    if (!hit)
        co_return hit.error();
    if (!*hit)
        co_return base::Result<void>{};
    Hop hop = parse_hop((*hit)->value);
    if (!hop.transport.empty()) {
        route.transport = hop.transport;
        route.nexthop = hop.nexthop.empty()
                            ? std::string(table::split_address(route.recipient).domain)
                            : hop.nexthop;
    } else if (!hop.nexthop.empty()) {
        route.nexthop = hop.nexthop;
    }
    co_return base::Result<void>{};
}

base::Task<base::Result<void>> Router::apply_relocated(Route& route) const
{
    auto hit = co_await destinations_.find_address(relocated_maps_, route.recipient);
    if (!hit)
        co_return hit.error();
    if (*hit) {
        route.transport = "error";
        route.nexthop = base::cat("5.1.6 User has moved to ", (*hit)->value);
    }
    co_return base::Result<void>{};
}

} // namespace route
