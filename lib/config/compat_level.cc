// SPDX-License-Identifier: Apache-2.0
// Compatibility levels; see compat_level.h.
#include "lib/config/compat_level.h"

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace config {

std::optional<CompatLevel> parse_compat_level(std::string_view text)
{
    int numbers[3] = {};
    std::string_view rest = text;
    for (int& number : numbers) {
        auto part = base::parse_int<int>(base::cut(rest, '.'));
        if (!part || *part < 0 || *part > 32767)
            return std::nullopt;
        number = *part;
        if (rest.empty())
            break;
    }
    if (!rest.empty() || text.back() == '.')
        return std::nullopt;
    return CompatLevel{numbers[0], numbers[1], numbers[2]};
}

} // namespace config
