// SPDX-License-Identifier: Apache-2.0
// proxymap's answers; see server.h.
#include "services/proxymap/server.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/event/timer.h"

namespace proxymap {

Server::Server(table::Tables& tables, Approved approved, std::function<void()> refresh)
    : tables_(tables), approved_(std::move(approved)), refresh_(std::move(refresh))
{
    for (const std::string& spec : approved_) {
        const std::string_view type = std::string_view(spec).substr(0, spec.find(':'));
        if (table::is_asked_by_proxymap(type))
            tables_.open(spec); // Its file may be for root only.
    }
}

base::Task<base::Result<ipc::proxymap::Value>> Server::on(ipc::proxymap::Lookup request)
{
    if (!approved_.contains(request.table)) {
        base::Log().warning("request for unapproved table: \"", request.table, "\"");
        base::Log().warning("to approve this table for read-only access, list proxy:",
                            request.table, " in main.cf:proxy_read_maps");
        co_return base::permanent("table is not listed in proxy_read_maps");
    }
    refresh_();
    table::Options options{.fold = request.fold, .utf8 = request.utf8};
    auto found = co_await tables_.open(request.table, options).lookup(std::move(request.key));
    if (!found) {
        base::Log().warning(request.table, ": ", found.error().text);
        co_return found.error();
    }
    ipc::proxymap::Value value;
    value.found = found->has_value();
    if (value.found)
        value.value = std::move(**found);
    co_return value;
}

std::int64_t client_limit(std::int64_t limit, int processes)
{
    constexpr std::int64_t places = 64;
    if (processes <= 0)
        return limit;
    return std::max(limit, (places + processes - 1) / processes);
}

base::Task<void> tidy(service::Service& service, table::Tables& tables)
{
    while (true) {
        co_await events::sleep(service.loop(), std::chrono::seconds(5));
        tables.tidy();
    }
}

} // namespace proxymap
