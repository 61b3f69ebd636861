// SPDX-License-Identifier: Apache-2.0
// Finding restrictions by name; see restrictions.h.
#include "lib/policy/restrictions.h"

#include "lib/base/strings.h"
#include "lib/config/names.h"

namespace policy {

static constexpr int near_distance = 3;

const Restriction* find_restriction(std::string_view name)
{
    for (const Restriction& row : restrictions)
        if (base::iequals(row.name, name))
            return &row;
    return nullptr;
}

std::string_view near_restriction(std::string_view name)
{
    std::string_view best;
    int least = near_distance + 1;
    for (const Restriction& row : restrictions) {
        int distance = config::edit_distance(base::lower(name), row.name, near_distance);
        if (distance < least) {
            least = distance;
            best = row.name;
        }
    }
    return best;
}

std::string_view table_rule_of(std::string_view parameter)
{
    for (const ListParameter& row : list_parameters)
        if (row.name == parameter)
            return row.table_rule;
    return {};
}

} // namespace policy
