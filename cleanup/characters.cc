// SPDX-License-Identifier: Apache-2.0
// Sets of characters; see characters.h.
#include "cleanup/characters.h"

#include <algorithm>

namespace cleanup {

namespace {

constexpr std::string_view letters = "abfnrtv";
constexpr std::string_view meanings = "\a\b\f\n\r\t\v";
constexpr int octal_digits = 3;

bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

// The character that begins at `text`, which is cut off.
char next_character(std::string_view& text)
{
    char c = text.front();
    text.remove_prefix(1);
    if (c != '\\' || text.empty())
        return c;
    if (is_octal(text.front())) {
        int value = 0;
        for (int i = 0; i < octal_digits && !text.empty() && is_octal(text.front()); ++i) {
            value = value * 8 + (text.front() - '0');
            text.remove_prefix(1);
        }
        return static_cast<char>(value);
    }
    c = text.front();
    text.remove_prefix(1);
    const auto letter = letters.find(c);
    return letter == std::string_view::npos ? c : meanings[letter];
}

} // namespace

Characters::Characters(std::string_view text)
{
    while (!text.empty())
        set_.set(static_cast<unsigned char>(next_character(text)));
    set_.reset('\r');
    set_.reset('\n');
}

bool Characters::any_in(std::string_view text) const
{
    return std::any_of(text.begin(), text.end(), [this](char c) { return has(c); });
}

std::string Characters::without(std::string_view text) const
{
    std::string out(text);
    std::erase_if(out, [this](char c) { return has(c); });
    return out;
}

} // namespace cleanup
