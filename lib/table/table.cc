// SPDX-License-Identifier: Apache-2.0
// What all tables share; see table.h.
#include "lib/table/table.h"

#include <unicode/ucasemap.h>

#include "lib/base/strings.h"

namespace table {

std::string fold_case(std::string_view key)
{
    if (base::is_ascii(key) || !base::is_utf8(key))
        return base::lower(key);
    UErrorCode status = U_ZERO_ERROR;
    UCaseMap* map = ucasemap_open("", U_FOLD_CASE_DEFAULT, &status);
    if (U_FAILURE(status))
        return base::lower(key);
    // Full folding makes a text at most three times as long (Unicode 5.18).
    std::string out(key.size() * 3 + 1, '\0');
    auto size = ucasemap_utf8FoldCase(map, out.data(), static_cast<int32_t>(out.size()), key.data(),
                                      static_cast<int32_t>(key.size()), &status);
    ucasemap_close(map);
    if (U_FAILURE(status))
        return base::lower(key);
    out.resize(static_cast<std::size_t>(size));
    return out;
}

bool Table::acceptable(std::string_view key) const
{
    if (keys_ == Keys::Exact &&
        (key.size() > kKeyBytes || key.find('\0') != std::string_view::npos))
        return false;
    return !options_.utf8 || base::is_ascii(key) || base::is_utf8(key);
}

Found Table::now(std::string_view key)
{
    if (waits())
        return base::temporary(base::cat("table ", name_, ": cannot be asked without waiting"));
    if (!acceptable(key))
        return std::optional<std::string>{};
    if (keys_ == Keys::Exact && options_.fold)
        return find(fold_case(key));
    return find(key);
}

base::Task<Found> Table::lookup(std::string key)
{
    if (!waits())
        co_return now(key);
    if (!acceptable(key))
        co_return std::optional<std::string>{};
    if (keys_ == Keys::Exact && options_.fold)
        key = fold_case(key);
    co_return co_await ask(std::move(key));
}

base::Task<Found> Table::ask(std::string key)
{
    co_return find(key);
}

} // namespace table
