// SPDX-License-Identifier: Apache-2.0
// Content-Type; see content_type.h.
#include "lib/mail/content_type.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace mail {

// Skips blanks and comments (RFC 822 section 3.4.3), which nest and hold quoted pairs.
static void skip_comments(std::string_view& text)
{
    std::size_t open = 0;
    while (!text.empty()) {
        const char c = text.front();
        if (c == '(')
            ++open;
        else if (c == ')' && open > 0)
            --open;
        else if (open == 0 && !base::is_blank(c))
            return;
        text.remove_prefix(open > 0 && c == '\\' && text.size() > 1 ? 2 : 1);
    }
}

// RFC 2045 5.1 token
std::string_view take_mime_token(std::string_view& text)
{
    skip_comments(text);
    constexpr std::string_view special = "()<>@,;:\\\"/[]?=";
    std::size_t length = 0;
    while (length < text.size() && !base::is_blank(text[length]) &&
           special.find(text[length]) == special.npos)
        ++length;
    const std::string_view token = text.substr(0, length);
    text.remove_prefix(length);
    return token;
}

namespace {

bool take_char(std::string_view& text, char wanted)
{
    skip_comments(text);
    if (text.empty() || text.front() != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

// RFC 2045 5.1 value: a token, or a quoted string whose quoted pairs are resolved. Boundaries with
// characters that should have been quoted are common: they reach to the next ';' or blank.
std::string take_value(std::string_view& text)
{
    std::string value;
    if (!take_char(text, '"')) {
        const std::size_t end = std::min(text.find_first_of("; \t"), text.size());
        value = text.substr(0, end);
        text.remove_prefix(end);
        return value;
    }
    while (!text.empty() && text.front() != '"') {
        if (text.front() == '\\' && text.size() > 1)
            text.remove_prefix(1);
        value += text.front();
        text.remove_prefix(1);
    }
    text.remove_prefix(text.empty() ? 0 : 1);
    return value;
}

// The boundary parameter in what follows type and subtype; the first one counts.
std::string find_boundary(std::string_view text)
{
    while (!text.empty()) {
        if (!take_char(text, ';')) {
            // Nonsense between parameters is passed over.
            text.remove_prefix(text.empty() ? 0 : 1);
            continue;
        }
        const std::string_view name = take_mime_token(text);
        if (!take_char(text, '='))
            continue;
        skip_comments(text);
        std::string value = take_value(text);
        if (base::iequals(name, "boundary"))
            return value;
    }
    return {};
}

} // namespace

ContentType parse_content_type(std::string_view value)
{
    ContentType content;
    content.type = base::lower(take_mime_token(value));
    if (take_char(value, '/'))
        content.subtype = base::lower(take_mime_token(value));
    content.boundary = find_boundary(value);
    return content;
}

} // namespace mail
