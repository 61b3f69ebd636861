// SPDX-License-Identifier: Apache-2.0
// Logical lines, as main.cf, master.cf and text tables have them: comments and empty lines fall
// away, and a line that begins with white space continues the one before it, even across them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/config/main_cf.h"

namespace config {

struct LogicalLine {
    std::string text; // Physical lines trimmed on the right and joined by one space.
    int line = 0;     // Where it begins, from 1.
};

// The lines of `text`. A continuation of nothing and a NUL byte are faults; such a line is left
// out.
std::vector<LogicalLine> logical_lines(std::string_view text, const std::string& file,
                                       Faults& faults);

// "name = value" into its parts, both trimmed. False, and a text that says why, when it is none.
bool split_assignment(std::string_view text, std::string_view& name, std::string_view& value,
                      std::string& why);

} // namespace config
