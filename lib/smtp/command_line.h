// SPDX-License-Identifier: Apache-2.0
// Splits the argument of MAIL and RCPT: the path ends at a blank, except inside of "..." and
// <...>; options follow. `FROM:<a>` and `FROM: <a>` are the same. Views point into the line.
#pragma once

#include <string_view>
#include <vector>

namespace smtp {

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
