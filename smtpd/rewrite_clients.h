// SPDX-License-Identifier: Apache-2.0
// local_header_rewrite_clients: whose messages get their headers completed, like mail of this host.
#pragma once

#include <string>
#include <vector>

#include "lib/config/own_addresses.h"
#include "lib/mail/envelope.h"
#include "lib/table/maps.h"
#include "lib/table/match_list.h"

namespace smtpd {

class RewriteClients {
public:
    struct Lists {
        const config::OwnAddresses& own;
        const table::MatchList& mynetworks;
    };
    // `elements`: permit_inet_interfaces, permit_mynetworks, [check_address_map] type:table; those
    // that nobody can match yet are overlooked. What `lists` refers to outlives it.
    RewriteClients(table::Tables& tables, const std::vector<std::string>& elements, Lists lists);

    // A table that fails reads as no: the message comes through as it is.
    base::Task<bool> has(mail::Client client) const;

private:
    Lists lists_;
    bool own_interfaces_ = false;
    bool networks_ = false;
    table::Maps maps_;
};

} // namespace smtpd
