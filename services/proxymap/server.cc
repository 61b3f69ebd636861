// SPDX-License-Identifier: Apache-2.0
// proxymap's answers; see server.h.
#include "services/proxymap/server.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace proxymap {

Server::Server(table::Tables& tables, const std::vector<std::string>& readable) : tables_(tables)
{
    constexpr std::string_view prefix = "proxy:";
    for (const auto& element : readable)
        if (element.starts_with(prefix))
            readable_.push_back(element.substr(prefix.size()));
    std::sort(readable_.begin(), readable_.end());
}

bool Server::may_read(const std::string& table) const
{
    return std::binary_search(readable_.begin(), readable_.end(), table);
}

base::Task<base::Result<ipc::proxymap::Value>> Server::on(ipc::proxymap::Lookup request)
{
    if (!may_read(request.table)) {
        base::Log().warning("request for unapproved table: \"", request.table, "\"");
        base::Log().warning("to approve this table for read-only access, list proxy:",
                            request.table, " in main.cf:proxy_read_maps");
        co_return base::permanent("table is not listed in proxy_read_maps");
    }
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

} // namespace proxymap
