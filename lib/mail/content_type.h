// SPDX-License-Identifier: Apache-2.0
// The value of a Content-Type field (RFC 2045 section 5.1), as far as the structure of messages
// depends on it. Reads what real mail has, not only what the grammar allows.
#pragma once

#include <string>
#include <string_view>

namespace mail {

struct ContentType {
    std::string type; // Lower case.
    std::string subtype;
    std::string boundary; // As given; blanks at its end do not count.

    bool operator==(const ContentType&) const = default;
};

// `value` is what follows the colon, unfolded or not.
ContentType parse_content_type(std::string_view value);

// Takes the next token (RFC 2045 section 5.1) and the blanks and comments before it.
std::string_view take_mime_token(std::string_view& text);

} // namespace mail
