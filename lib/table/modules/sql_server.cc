// SPDX-License-Identifier: Apache-2.0
// Tables of SQL servers; see sql_server.h.
#include "lib/table/modules/sql_server.h"

#include "lib/table/modules/sql_query.h"

namespace table {

base::Result<void> SqlServerSource::search(Search& search)
{
    auto anything = [](std::string_view, std::string&) { return true; };
    std::string ignored;
    if (!search.expand(query_, anything, ignored))
        return {}; // Known without a connection.
    return servers_->ask([&](Connection& connection) { return ask(connection, query_, search); },
                         notes_);
}

base::Result<std::unique_ptr<Source>> SqlServerModule::open(const TableSettings& settings,
                                                            Notes& notes)
{
    auto query = sql_query(settings);
    if (!query)
        return query.error();
    auto servers = servers_.get(identity_of(settings, kind_.connection_settings), [&] {
        Servers::Settings how{std::string(kind_.name), host_list(settings.text("hosts")),
                              std::chrono::seconds(settings.number("idle_interval")),
                              std::chrono::seconds(settings.number("retry_interval"))};
        return std::make_shared<Servers>(std::move(how), connector(settings));
    });
    return source(std::move(servers), std::move(*query), settings, notes);
}

} // namespace table
