// SPDX-License-Identifier: Apache-2.0
// RFC 3461 section 4; see xtext.h.
#include "lib/mail/xtext.h"

#include "lib/base/strings.h"

namespace mail {

static bool is_xchar(char c)
{
    return c >= '!' && c <= '~' && c != '+' && c != '=';
}

std::string encode_xtext(std::string_view text)
{
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (is_xchar(c))
            out.push_back(c);
        else
            base::append(out, '+', hex[byte >> 4], hex[byte & 15]);
    }
    return out;
}

static int hex_digit(char c)
{
    if (base::is_digit(c))
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

base::Result<std::string> decode_xtext(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '+') {
            // A lone '=' is not xtext, but widely sent and harmless.
            if (!is_xchar(text[i]) && text[i] != '=')
                return base::permanent("byte not allowed in xtext");
            out.push_back(text[i]);
            continue;
        }
        int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return base::permanent("'+' without two hexadecimal digits");
        char c = static_cast<char>(high * 16 + low);
        if (c == '\0' || c == '\r' || c == '\n')
            return base::permanent("encoded control character");
        out.push_back(c);
        i += 2;
    }
    return out;
}

bool is_typed_recipient(std::string_view text)
{
    std::string_view type = text.substr(0, text.find(';'));
    if (type.empty() || type.size() == text.size())
        return false;
    for (char c : type)
        if (!base::is_alnum(c) && c != '-' && c != '.')
            return false;
    return true;
}

} // namespace mail
