// SPDX-License-Identifier: Apache-2.0
// Splits a command line into words: at blanks, except inside of "..." and <...>. `FROM:<a>` and
// `FROM: <a>` are the same. Views point into the line.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace smtp {

inline constexpr std::size_t word_limit = 200; // Words of one line; the rest is refused.

// The words of `line`; nothing when a quote or bracket is not closed, or there are too many.
std::optional<std::vector<std::string_view>> split_words(std::string_view line);

// The address word and the options of "FROM:<a> X=1" for label "FROM:". `found` is false when the
// label or the address is missing (a syntax error); `balanced` is false when a quote or bracket of
// the address is not closed.
struct PathArgument {
    bool found = false;
    bool balanced = true;
    std::string_view path;
    std::vector<std::string_view> options;
};
PathArgument split_path(std::string_view argument, std::string_view label);

} // namespace smtp
