// SPDX-License-Identifier: Apache-2.0
// Which tables proxymap may be asked about. A daemon that was taken over learns no more by asking.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lib/config/main_cf.h"
#include "lib/config/master_cf.h"

namespace proxymap {

using Approved = std::set<std::string, std::less<>>; // "type:name", without "proxy:".

// The elements of proxy_read_maps that begin with "proxy:"; and the tables in databases that
// parameters of main.cf or master.cf name without it, because daemons ask for those here too.
Approved approved_tables(const std::vector<std::string>& proxy_read_maps,
                         const config::MainCf& main, const config::MasterCf& master);

} // namespace proxymap
