// SPDX-License-Identifier: Apache-2.0
// Lines of a letter's width; see wrap.h.
#include "lib/mail/wrap.h"

#include <algorithm>
#include <utility>

#include "lib/base/strings.h"

namespace mail {

namespace {

constexpr std::size_t line_width = 79;
constexpr std::size_t longest_word = 900; // Far from the 998 of RFC 5322 2.1.1.

// The most bytes of `text` that are no more than `limit` and end no UTF-8 sequence half-way.
std::size_t fitting(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return text.size();
    std::size_t end = limit;
    while (end > limit - 4 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return end;
}

} // namespace

void append_wrapped(std::string& to, std::string_view text, std::string_view start,
                    std::string_view indent)
{
    to += start;
    std::size_t column = start.size();
    std::string_view rest = base::trim(text);
    for (bool first = true; !rest.empty(); first = false) {
        std::size_t blanks = rest.find_first_not_of(' ');
        const std::size_t end = std::min(rest.find(' ', blanks), rest.size());
        const std::size_t word = fitting(rest.substr(blanks, end - blanks), longest_word);
        if (!first && column + blanks + word > line_width) {
            base::append(to, "\r\n", indent);
            column = indent.size();
            rest.remove_prefix(std::exchange(blanks, 0));
        }
        to += rest.substr(0, blanks + word);
        column += blanks + word;
        rest.remove_prefix(blanks + word);
    }
    to += "\r\n";
}

} // namespace mail
