// SPDX-License-Identifier: Apache-2.0
// Standard input; see input.h.
#include "tools/postmap/input.h"

#include <unistd.h>

#include "lib/base/strings.h"

namespace postmap {

base::Result<std::string> read_standard_input()
{
    std::string all;
    char buffer[65536];
    ssize_t got = 0;
    while ((got = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
        all.append(buffer, static_cast<std::size_t>(got));
        if (all.size() > kInputBytes)
            return base::permanent("standard input is too large");
    }
    if (got < 0)
        return base::system_error("read standard input", errno);
    return all;
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::string_view line = base::cut(text, '\n');
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        lines.emplace_back(line);
    }
    return lines;
}

// RFC 5322 section 2.2: a name of printable characters, then a colon.
static bool begins_header(std::string_view line)
{
    auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return false;
    std::string_view name = base::trim_right(line.substr(0, colon));
    for (char c : name)
        if (c <= ' ' || c == 127)
            return false;
    return !name.empty();
}

MessageKeys message_keys(std::string_view message)
{
    MessageKeys keys;
    bool in_body = false;
    for (auto& line : lines_of(message)) {
        bool continues = !in_body && !line.empty() && base::is_blank(line.front());
        if (continues && !keys.headers.empty()) {
            base::append(keys.headers.back(), "\n", line);
        } else if (!in_body && begins_header(line)) {
            keys.headers.push_back(std::move(line));
        } else {
            in_body = true;
            keys.body.push_back(std::move(line));
        }
    }
    return keys;
}

} // namespace postmap
