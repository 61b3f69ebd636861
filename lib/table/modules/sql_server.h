// SPDX-License-Identifier: Apache-2.0
// What the tables of SQL servers have in common beside the query itself (sql_query.h): which
// servers are asked, and when none need be.
#pragma once

#include "lib/table/modules/servers.h"

namespace table {

class SqlServerSource : public Source {
public:
    // `query` is a template; `notes` outlives this.
    SqlServerSource(std::shared_ptr<Servers> servers, std::string query, Notes& notes)
        : servers_(std::move(servers)), query_(std::move(query)), notes_(notes)
    {
    }
    base::Result<void> search(Search& search) override;

private:
    // Asks over the connection, and adds what comes to `search`.
    virtual Reply ask(Connection& connection, const std::string& query, Search& search) = 0;

    std::shared_ptr<Servers> servers_;
    std::string query_;
    Notes& notes_;
};

// The servers of a table: `hosts`, idle_interval and retry_interval. Shared with the tables whose
// settings of these names are the same.
std::shared_ptr<Servers> sql_servers(SharedServers& shared, std::string kind,
                                     const TableSettings& settings,
                                     std::span<const std::string_view> names,
                                     const Servers::Connect& connect);

} // namespace table
