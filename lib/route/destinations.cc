// SPDX-License-Identifier: Apache-2.0
// Destinations; see destinations.h.
#include "lib/route/destinations.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/route/address_literal.h"

namespace route {

static Rewriter::Rules rewriter_rules(const Site& site)
{
    const auto& params = site.params;
    return {.origin = site.myorigin,
            .domain = site.mydomain,
            .remote_origin = params.remote_header_rewrite_domain(),
            .append_at_origin = params.append_at_myorigin(),
            .append_dot_domain = params.append_dot_mydomain(),
            .percent_hack = params.allow_percent_hack(),
            .swap_bangpath = params.swap_bangpath()};
}

bool Destinations::parents_without_dot(std::string_view parameter) const
{
    const auto& list = params().parent_domain_matches_subdomains();
    return std::find(list.begin(), list.end(), parameter) != list.end();
}

Destinations::Destinations(table::Tables& tables, Site site, const config::OwnAddresses& own)
    : site_(std::move(site)), own_(own),
      rewriter_(rewriter_rules(site_)), address_rules_{params().recipient_delimiter(),
                                                       params().double_bounce_sender(), false},
      local_(tables, {"mydestination"}, params().mydestination()),
      virtual_alias_(tables, {"virtual_alias_domains"}, params().virtual_alias_domains()),
      virtual_mailbox_(tables, {"virtual_mailbox_domains"}, params().virtual_mailbox_domains()),
      relay_(tables,
             {"relay_domains", table::ListKind::Domains, parents_without_dot("relay_domains")},
             params().relay_domains())
{
}

base::Task<base::Result<bool>> Destinations::is_local(std::string domain) const
{
    while (domain.size() > 1 && domain.back() == '.')
        domain.pop_back();
    auto listed = co_await local_.match(domain);
    if (!listed || *listed)
        co_return listed;
    auto literal = parse_address_literal(domain);
    co_return literal.has_value() && own_.has(*literal);
}

base::Task<base::Result<AddressClass>> Destinations::classify(std::string domain) const
{
    auto local = co_await is_local(domain);
    if (!local)
        co_return local.error();
    if (*local)
        co_return AddressClass::Local;
    const std::pair<const table::MatchList*, AddressClass> others[] = {
        {&virtual_alias_, AddressClass::VirtualAlias},
        {&virtual_mailbox_, AddressClass::VirtualMailbox},
        {&relay_, AddressClass::Relay},
    };
    for (const auto& [list, its_class] : others) {
        auto listed = co_await list->match(domain);
        if (!listed)
            co_return listed.error();
        if (*listed)
            co_return its_class;
    }
    co_return AddressClass::Default;
}

base::Task<base::Result<std::optional<table::Hit>>>
Destinations::find_address(const table::Maps& maps, std::string address, std::uint8_t kinds) const
{
    if (maps.empty() || address.empty())
        co_return std::optional<table::Hit>{};
    bool local = false;
    auto domain = table::split_address(address).domain;
    if ((kinds & table::keys::local_part) && !domain.empty()) {
        local = base::iequals(domain, site_.myorigin);
        if (!local) {
            auto listed = co_await is_local(std::string(domain));
            if (!listed)
                co_return listed.error();
            local = *listed;
        }
    }
    co_return co_await table::find_first(maps, table::address_keys(address, kinds, address_rules_),
                                         local);
}

} // namespace route
