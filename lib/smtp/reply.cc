// SPDX-License-Identifier: Apache-2.0
// Replies from foreign text; see reply.h.
#include "lib/smtp/reply.h"

namespace smtp {

static bool has_error_code(std::string_view text)
{
    return text.size() >= 5 && is_error(text) && base::is_digit(text[1]) &&
           base::is_digit(text[2]) && text[3] == ' ' && !base::trim(text.substr(4)).empty();
}

// True for "5.7.2" and nothing after it.
static bool is_bare_status(std::string_view text)
{
    return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

Reply sanitize_reply(std::string_view text, std::string_view otherwise)
{
    text = base::trim_right(text);
    if (!has_error_code(text))
        return Reply(otherwise);
    Reply out(text.substr(0, server_reply_limit - 2));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    if (is_bare_status(std::string_view(out).substr(4)))
        out.append(" Command rejected");
    return out;
}

} // namespace smtp
