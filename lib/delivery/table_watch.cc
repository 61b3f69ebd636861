// SPDX-License-Identifier: Apache-2.0
// Tables of long-lived programs; see table_watch.h.
#include "lib/delivery/table_watch.h"

#include <algorithm>

#include "lib/event/timer.h"

namespace delivery {

static constexpr base::Duration watch_time = std::chrono::seconds(5);

bool tables_are_current(service::Service& service, table::Tables& tables)
{
    if (!tables.stale(service.loop().now()))
        return true;
    if (!service.retiring())
        base::Log{}.info("a lookup table has changed -- restarting");
    service.retire();
    return false;
}

base::Task<void> watch_tables(service::Service& service, table::Tables& tables)
{
    for (const auto& fault : tables.faults())
        base::Log{}.warning(fault);
    do {
        co_await events::sleep(service.loop(), watch_time);
    } while (tables_are_current(service, tables));
}

static std::string direct_table(std::string_view spec)
{
    constexpr std::string_view proxy = "proxy:";
    if (!spec.starts_with(proxy))
        return std::string(spec);
    const std::string_view inner = spec.substr(proxy.size());
    const auto types = table::type_names();
    std::string_view type, name;
    const bool known = table::split_table_name(inner, type, name) &&
                       std::find(types.begin(), types.end(), type) != types.end();
    return std::string(known ? inner : spec);
}

std::vector<std::string> direct_tables(const std::vector<std::string>& specs)
{
    std::vector<std::string> direct;
    direct.reserve(specs.size());
    for (const auto& spec : specs)
        direct.push_back(direct_table(spec));
    return direct;
}

} // namespace delivery
