// SPDX-License-Identifier: Apache-2.0
// Small text helpers. ASCII only and locale-free: mail protocols know no locale.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// What cat() and append() take: text, a character, or an integer (printed in decimal).
class Piece {
public:
    Piece(std::string_view text) : text_(text) {}
    Piece(const std::string& text) : text_(text) {}
    Piece(const char* text) : text_(text) {}
    Piece(char c) : text_(digits_, 1) { digits_[0] = c; }
    template <std::integral I>
    requires(!std::same_as<I, char> && !std::same_as<I, bool>) Piece(I number)
    {
        auto [end, code] = std::to_chars(digits_, digits_ + sizeof digits_, number);
        text_ = std::string_view(digits_, static_cast<std::size_t>(end - digits_));
    }
    Piece(const Piece&) = delete;
    Piece& operator=(const Piece&) = delete;

    std::string_view text() const { return text_; }

private:
    std::string_view text_;
    char digits_[24];
};

// Appends all pieces to `to` with at most one allocation.
void append_pieces(std::string& to, const Piece* const* pieces, std::size_t count);

template <typename... P> void append(std::string& to, const P&... pieces)
{
    [&to](auto&&... made) {
        const Piece* all[] = {&made...};
        append_pieces(to, all, sizeof...(made));
    }(Piece(pieces)...);
}

template <typename... P> std::string cat(const P&... pieces)
{
    std::string out;
    append(out, pieces...);
    return out;
}

char lower(char c);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool iequals(std::string_view a, std::string_view b);
bool istarts_with(std::string_view text, std::string_view prefix);

// Hash and equality for containers keyed by text without regard to ASCII case.
struct ILess {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
};

// Without leading and trailing blanks: space, tab, CR, LF, VT, FF.
std::string_view trim(std::string_view text);
std::string_view trim_left(std::string_view text);
std::string_view trim_right(std::string_view text);
bool is_blank(char c);
bool is_digit(char c);
bool is_alpha(char c);
bool is_alnum(char c);
bool is_print(char c); // 0x20..0x7e

// The non-empty parts of `text` between any of the characters in `separators`. The views point
// into `text`.
std::vector<std::string_view> split(std::string_view text, std::string_view separators);

// The part before the first `separator`, which is cut off `rest` together with it. Returns all of
// `rest`, and leaves it empty, when there is none.
std::string_view cut(std::string_view& rest, char separator);

// `text` with what is not printable ASCII as '?', the way Postfix's log shows peer bytes. Valid
// UTF-8 sequences other than control and line-separator characters are kept when `allow_utf8`.
std::string printable(std::string_view text, bool allow_utf8 = false);

// True when `text` is well-formed UTF-8 (RFC 3629): no overlong forms, surrogates, or values above
// U+10FFFF.
bool is_utf8(std::string_view text);
bool is_ascii(std::string_view text);

// Quotes for JSON, including the quotation marks (RFC 8259). Bytes that are not valid UTF-8 become
// U+FFFD.
std::string json_quote(std::string_view text);

} // namespace base
