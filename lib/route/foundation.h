// SPDX-License-Identifier: Apache-2.0
// What every program that routes or rewrites addresses builds first: lookup tables, the addresses
// of this host, and which domains are ours.
#pragma once

#include "lib/config/own_addresses.h"
#include "lib/config/params/common.h"
#include "lib/route/destinations.h"
#include "lib/table/tables.h"

namespace route {

struct Foundation {
    // `params` outlives it. Opens tables: build it at start.
    Foundation(table::Settings settings, const config::RouteParams& params,
               const config::CommonParams& common)
        : tables(std::move(settings)), own_addresses(config::own_addresses(common)),
          destinations(tables, {params, common.myhostname(), common.mydomain(), common.myorigin()},
                       own_addresses)
    {
    }
    Foundation(const Foundation&) = delete;
    Foundation& operator=(const Foundation&) = delete;

    table::Tables tables;
    const config::OwnAddresses own_addresses;
    const Destinations destinations;
};

} // namespace route
