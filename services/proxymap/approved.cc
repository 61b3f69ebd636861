// SPDX-License-Identifier: Apache-2.0
// Approved tables; see approved.h.
#include "services/proxymap/approved.h"

#include "lib/base/strings.h"
#include "lib/table/tables.h"

namespace proxymap {

static constexpr std::string_view proxy = "proxy:";

// Wherever a value may name a table: also in braces, as in pipemap:{mysql:/x, inline:{a=b}}.
static void add_direct(const base::Result<std::string>& value, Approved& approved)
{
    if (!value)
        return; // Told elsewhere.
    for (std::string_view word : base::split(*value, ", \t\r\n{}")) {
        std::string_view type;
        std::string_view name;
        if (table::split_table_name(word, type, name) && table::is_asked_by_proxymap(type))
            approved.emplace(word);
    }
}

Approved approved_tables(const std::vector<std::string>& proxy_read_maps,
                         const config::MainCf& main, const config::MasterCf& master)
{
    Approved approved;
    for (const std::string& element : proxy_read_maps)
        if (element.starts_with(proxy))
            approved.insert(element.substr(proxy.size()));
    for (const auto& [name, entry] : main.entries())
        add_direct(main.expanded(name), approved);
    for (const auto& service : master.entries())
        for (const auto& [name, value] : service.overrides)
            add_direct(main.expand(value), approved);
    return approved;
}

} // namespace proxymap
