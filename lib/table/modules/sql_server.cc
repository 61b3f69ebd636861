// SPDX-License-Identifier: Apache-2.0
// Tables of SQL servers; see sql_server.h.
#include "lib/table/modules/sql_server.h"

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

std::shared_ptr<Servers> sql_servers(SharedServers& shared, std::string kind,
                                     const TableSettings& settings,
                                     std::span<const std::string_view> names,
                                     const Servers::Connect& connect)
{
    return shared.get(identity_of(settings, names), [&] {
        Servers::Settings how{std::move(kind), host_list(settings.text("hosts")),
                              std::chrono::seconds(settings.number("idle_interval")),
                              std::chrono::seconds(settings.number("retry_interval"))};
        return std::make_shared<Servers>(std::move(how), connect);
    });
}

} // namespace table
