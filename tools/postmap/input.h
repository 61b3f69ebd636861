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

// A header field of a message, with its continuation lines, or a line of its body.
struct MessageKey {
    bool header = false;
    std::string text;
    bool operator==(const MessageKey&) const = default;
};
// In their order. With `mime` the headers of parts, and of messages within, are header fields too.
std::vector<MessageKey> message_keys(std::string_view message, bool mime);

std::vector<std::string> lines_of(std::string_view text);

} // namespace postmap
