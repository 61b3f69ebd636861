// SPDX-License-Identifier: Apache-2.0
// Which names a configuration may use: declared ones, Postfix's, those of a transport or a table,
// and macros of its own that something refers to.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/main_cf.h"
#include "lib/config/master_cf.h"
#include "lib/config/param.h"
#include "lib/config/params/registry.h"

namespace config {

class Names {
public:
    // `master` gives transports; both files give macros. All three must outlive the object.
    Names(const std::vector<KnownSet>& sets, const MainCf& main, const MasterCf& master);

    bool declared(std::string_view name) const { return declared_.contains(name); }
    // "relay_destination_concurrency_limit" for a service "relay" of master.cf, and its like.
    bool of_transport(std::string_view name) const;
    // "my_server_host" when a value has the table ldap:my, mysql:my, pgsql:my ...
    bool of_table(std::string_view name) const;
    // Named by $name in a value or in master.cf, or by smtpd_restriction_classes.
    bool referenced(std::string_view name) const { return referenced_.contains(name); }

    // A known name near to `name`, to be offered instead; empty when none is.
    std::string near_name(std::string_view name) const;

private:
    void note_value(std::string_view value);
    void note_service(const ServiceEntry& service);

    std::set<std::string, std::less<>> declared_;
    std::set<std::string, std::less<>> referenced_;
    std::set<std::string, std::less<>> transports_;
    std::set<std::string, std::less<>> tables_;
};

// How many insertions, deletions, replacements and swaps of neighbours lead from a to b; more than
// `limit` reads as limit + 1. Names longer than 128 bytes are that far from everything.
int edit_distance(std::string_view a, std::string_view b, int limit);

} // namespace config
