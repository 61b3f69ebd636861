// SPDX-License-Identifier: Apache-2.0
// Footers of replies; see reject_footer.h.
#include "lib/smtp/reject_footer.h"

#include "lib/smtp/reply_parser.h"

namespace smtp {

static constexpr std::size_t code_size = 3;
static constexpr std::string_view same_line = "\\c";
static constexpr std::string_view line_break = "\\n";

// The first line of a text whose lines "\n" separates, taken off it; false when it was the last.
static bool take_line(std::string_view& text, std::string_view& line)
{
    const std::size_t end = text.find(line_break);
    line = text.substr(0, end);
    if (end == std::string_view::npos)
        return false;
    text.remove_prefix(end + line_break.size());
    return true;
}

Reply with_footer(std::string_view reply, std::string_view footer)
{
    Reply out(reply);
    if (footer.empty() || reply.size() < code_size)
        return out;
    std::size_t last = out.rfind('\n') + 1; // Where the last line begins; npos + 1 is 0.
    const std::string code = out.substr(last, code_size);
    std::string enhanced;
    if (out.size() > last + code_size)
        enhanced = leading_enhanced_code(std::string_view(out).substr(last + code_size + 1));
    if (!enhanced.empty())
        enhanced.push_back(' ');
    bool joined = footer.starts_with(same_line);
    if (joined)
        footer.remove_prefix(same_line.size());
    for (bool more = true; more; joined = false) {
        std::string_view line;
        more = take_line(footer, line);
        if (!joined) {
            out.resize(std::max(out.size(), last + code_size + 1), ' ');
            out[last + code_size] = '-';
            last = out.size() + 2;
            base::append(out, "\r\n", code, " ", enhanced);
        }
        out.append(line);
    }
    return out;
}

} // namespace smtp
