// SPDX-License-Identifier: Apache-2.0
// Destinations: which domains are ours, and in which way; and what of an address belongs to the
// extension. Everything else in lib/route asks here.
#pragma once

#include <string>

#include "lib/config/own_addresses.h"
#include "lib/config/params/route.h"
#include "lib/route/rewriter.h"
#include "lib/table/address_keys.h"
#include "lib/table/match_list.h"

namespace route {

// The class of a recipient's domain, by which its delivery agent and its table of valid recipients
// are chosen.
enum class AddressClass : unsigned char { Local, VirtualAlias, VirtualMailbox, Relay, Default };

struct Site {
    const config::RouteParams& params;
    std::string myhostname;
    std::string mydomain;
    std::string myorigin;
};

class Destinations {
public:
    // All arguments outlive it. Opens tables: build it at start.
    Destinations(table::Tables& tables, Site site, const config::OwnAddresses& own);
    Destinations(const Destinations&) = delete;

    const config::RouteParams& params() const { return site_.params; }
    const std::string& myhostname() const { return site_.myhostname; }
    const Rewriter& rewriter() const { return rewriter_; }
    const table::AddressRules& address_rules() const { return address_rules_; }

    // mydestination, or a literal of an own address.
    base::Task<base::Result<bool>> is_local(std::string domain) const;
    // The class of a domain; errors are temporary.
    base::Task<base::Result<AddressClass>> classify(std::string domain) const;

    // The first entry that `maps` has for an address, by its keys of these kinds.
    base::Task<base::Result<std::optional<table::Hit>>>
    find_address(const table::Maps& maps, std::string address,
                 std::uint8_t kinds = table::keys::rewriting) const;

    // Whether parent_domain_matches_subdomains lists `parameter`.
    bool parents_without_dot(std::string_view parameter) const;

private:
    Site site_;
    const config::OwnAddresses& own_;
    Rewriter rewriter_;
    table::AddressRules address_rules_;
    table::MatchList local_;
    table::MatchList virtual_alias_;
    table::MatchList virtual_mailbox_;
    table::MatchList relay_;
};

} // namespace route
