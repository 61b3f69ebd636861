// SPDX-License-Identifier: Apache-2.0
// RFC 3461 section 4; see xtext.h.
#include "lib/mail/xtext.h"

#include <cstdint>

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

// RFC 3629 section 3. False for what is no character.
static bool append_utf8(std::string& to, std::uint32_t point)
{
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < 0x20 || (point >= 0x7F && point < 0xA0) || surrogate || point > 0x10FFFF)
        return false;
    auto tail = [&](unsigned shift) {
        to.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3F)));
    };
    if (point < 0x80)
        to.push_back(static_cast<char>(point));
    else if (point < 0x800)
        to.push_back(static_cast<char>(0xC0 | (point >> 6)));
    else if (point < 0x10000)
        to.push_back(static_cast<char>(0xE0 | (point >> 12)));
    else
        to.push_back(static_cast<char>(0xF0 | (point >> 18)));
    for (unsigned shift = point < 0x80      ? 0
                          : point < 0x800   ? 6
                          : point < 0x10000 ? 12
                                            : 18;
         shift > 0; shift -= 6)
        tail(shift - 6);
    return true;
}

// "\x{HEX}" at the beginning of `text`: appends the character and cuts it off.
static bool take_embedded(std::string& to, std::string_view& text)
{
    constexpr std::size_t most_digits = 6;
    if (!text.starts_with("\\x{"))
        return false;
    std::uint32_t point = 0;
    std::size_t at = 3;
    while (at < text.size() && at < 3 + most_digits && hex_digit(text[at]) >= 0)
        point = point * 16 + static_cast<std::uint32_t>(hex_digit(text[at++]));
    if (at == 3 || at >= text.size() || text[at] != '}' || !append_utf8(to, point))
        return false;
    text.remove_prefix(at + 1);
    return true;
}

std::string decode_embedded_unicode(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        if (take_embedded(out, text))
            continue;
        out.push_back(text.front());
        text.remove_prefix(1);
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
