// SPDX-License-Identifier: Apache-2.0
// Maps; see maps.h.
#include "lib/table/maps.h"

#include "lib/base/strings.h"

namespace table {

Maps::Maps(Tables& tables, std::string title, const std::vector<std::string>& specs,
           Options options)
    : title_(std::move(title))
{
    for (const auto& spec : specs)
        tables_.push_back(&tables.open(spec, options));
}

base::Task<Found> Maps::find(std::string key, Part part) const
{
    if (key.empty())
        co_return std::optional<std::string>{};
    for (Table* table : tables_) {
        if (part == Part::Partial && table->keys() == Keys::Pattern)
            continue;
        auto found = co_await table->lookup(key);
        if (!found)
            co_return base::temporary(base::cat(title_, ": ", found.error().text));
        if (!*found)
            continue;
        if ((*found)->empty())
            co_return base::temporary(base::cat(title_, ": ", table->name(), ": lookup of \"", key,
                                                "\" gives an empty result"));
        co_return found;
    }
    co_return std::optional<std::string>{};
}

} // namespace table
