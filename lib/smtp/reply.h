// SPDX-License-Identifier: Apache-2.0
// One SMTP reply as text without the final line end: "250 2.1.0 Ok", or several lines joined by
// CRLF, each but the last with '-' after its code (RFC 5321 4.2.1).
#pragma once

#include <string>
#include <string_view>

#include "lib/base/strings.h"

namespace smtp {

using Reply = std::string;

// Bytes of one reply line with its line end (RFC 5321 4.5.3.1.5).
inline constexpr std::size_t server_reply_limit = 512;

inline bool is_error(std::string_view reply)
{
    return reply.starts_with('4') || reply.starts_with('5');
}

// 421 (RFC 5321 3.8) and 521 (RFC 7504) end the session.
inline bool ends_session(std::string_view reply)
{
    return reply.starts_with("421") || reply.starts_with("521");
}

// Makes a reply of what a table, policy service or cleanup said (CMD-09): the text is taken when
// it begins with a 4xx or 5xx code and a blank, control characters become blanks, and long text is
// cut. Everything else becomes `otherwise`.
Reply sanitize_reply(std::string_view text, std::string_view otherwise);

} // namespace smtp
