// SPDX-License-Identifier: Apache-2.0
// Numbers from text. The only place where digits become integers: whole input, no sign unless the
// type has one, no white space, no prefix, overflow is an error.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace base {

template <std::integral I> std::optional<I> parse_int(std::string_view text, int radix = 10)
{
    I value{};
    const char* end = text.data() + text.size();
    auto [stop, code] = std::from_chars(text.data(), end, value, radix);
    if (code != std::errc{} || stop != end || text.empty())
        return std::nullopt;
    return value;
}

} // namespace base
