// SPDX-License-Identifier: Apache-2.0
// Small text helpers; see strings.h.
#include "lib/base/strings.h"

#include <algorithm>

namespace base {

void append_pieces(std::string& to, const Piece* const* pieces, std::size_t count)
{
    std::size_t size = to.size();
    for (std::size_t i = 0; i < count; ++i)
        size += pieces[i]->text().size();
    if (size > to.capacity())
        to.reserve(std::max(size, to.empty() ? size : 2 * to.capacity()));
    for (std::size_t i = 0; i < count; ++i)
        to.append(pieces[i]->text());
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

static char upper_char(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        c = lower(c);
    return out;
}

std::string upper(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        c = upper_char(c);
    return out;
}

bool iequals(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

bool istarts_with(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

bool ILess::operator()(std::string_view a, std::string_view b) const
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return static_cast<unsigned char>(lower(x)) < static_cast<unsigned char>(lower(y));
    });
}

bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_alnum(char c)
{
    return is_alpha(c) || is_digit(c);
}

bool is_print(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

std::string_view trim_left(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    return text;
}

std::string_view trim_right(std::string_view text)
{
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string_view trim(std::string_view text)
{
    return trim_left(trim_right(text));
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators)
{
    std::vector<std::string_view> parts;
    while (true) {
        auto start = text.find_first_not_of(separators);
        if (start == std::string_view::npos)
            return parts;
        text.remove_prefix(start);
        auto end = std::min(text.find_first_of(separators), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::string_view cut(std::string_view& rest, char separator)
{
    auto at = rest.find(separator);
    std::string_view head = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return head;
}

// The length of the well-formed UTF-8 sequence at the start of `text`, or 0 (RFC 3629 section 4).
static std::size_t utf8_length(std::string_view text, std::uint32_t& code)
{
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.empty())
        return 0;
    if (byte(0) < 0x80) {
        code = byte(0);
        return 1;
    }
    std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length)
        return 0;
    code = byte(0) & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte(i) & 0x3f);
    }
    static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < least[length] || code > 0x10ffff || surrogate ? 0 : length;
}

// C1 controls, and the characters that a log reader may take for the end of a line.
static bool is_unprintable_code(std::uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

std::string printable(std::string_view text, bool allow_utf8)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::uint32_t code = 0;
        std::size_t length = utf8_length(text, code);
        bool keep = length == 1 ? is_print(text[0])
                                : length > 1 && allow_utf8 && !is_unprintable_code(code);
        length = keep ? length : 1;
        if (keep)
            out.append(text.substr(0, length));
        else
            out.push_back('?');
        text.remove_prefix(length);
    }
    return out;
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        std::uint32_t code = 0;
        std::size_t length = utf8_length(text, code);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

static void json_escape(std::string& out, std::string_view sequence, std::uint32_t code)
{
    static constexpr char hex[] = "0123456789abcdef";
    switch (code) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\b': out.append("\\b"); return;
    case '\f': out.append("\\f"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    }
    if (code < 0x20 || code == 0x7f)
        append(out, "\\u00", hex[code >> 4], hex[code & 15]);
    else
        out.append(sequence);
}

std::string json_quote(std::string_view text)
{
    std::string out = "\"";
    while (!text.empty()) {
        std::uint32_t code = 0;
        std::size_t length = utf8_length(text, code);
        if (length == 0)
            out.append("\xef\xbf\xbd");
        else
            json_escape(out, text.substr(0, length), code);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out.push_back('"');
    return out;
}

} // namespace base
