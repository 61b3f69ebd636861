// SPDX-License-Identifier: Apache-2.0
// Compatibility levels: "0", "2", "3.6", "3.7.1". They order like versions: 3.10 is after 3.9.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace config {

struct CompatLevel {
    int major = 0;
    int minor = 0;
    int patch = 0;
    auto operator<=>(const CompatLevel&) const = default;
};

// One to three numbers, each at most 32767, with dots between.
std::optional<CompatLevel> parse_compat_level(std::string_view text);

} // namespace config
