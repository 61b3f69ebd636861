// SPDX-License-Identifier: Apache-2.0
// What the command reads from standard input: entries, keys, or a message whose lines are keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace postmap {

// More is refused.
inline constexpr std::size_t kInputBytes = 256 << 20;

base::Result<std::string> read_standard_input();

// The header fields of a message, each with its continuation lines, and the lines of its body.
struct MessageKeys {
    std::vector<std::string> headers;
    std::vector<std::string> body;
};
MessageKeys message_keys(std::string_view message);

std::vector<std::string> lines_of(std::string_view text);

} // namespace postmap
