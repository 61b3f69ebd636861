// SPDX-License-Identifier: Apache-2.0
// The words of a command line; see command_line.h.
#include "lib/smtp/command_line.h"

#include "lib/base/strings.h"

namespace smtp {

// The length of the word at the start of `text`, or npos when something is left open.
static std::size_t word_length(std::string_view text)
{
    bool quoted = false;
    bool bracketed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && i + 1 < text.size())
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            bracketed = c == '<';
        else if (!quoted && !bracketed && base::is_blank(c))
            return i;
    }
    return quoted || bracketed ? std::string_view::npos : text.size();
}

PathArgument split_path(std::string_view argument, std::string_view label)
{
    PathArgument out;
    argument = base::trim(argument);
    if (!base::istarts_with(argument, label))
        return out;
    argument = base::trim(argument.substr(label.size()));
    if (argument.empty())
        return out;
    out.found = true;
    std::size_t length = word_length(argument);
    out.balanced = length != std::string_view::npos;
    if (!out.balanced)
        return out;
    out.path = argument.substr(0, length);
    // Options have no quoting of their own.
    out.options = base::split(argument.substr(length), " \t\r\v\f");
    return out;
}

} // namespace smtp
