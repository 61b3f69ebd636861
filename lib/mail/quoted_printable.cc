// SPDX-License-Identifier: Apache-2.0
// The quoted-printable encoding: see the header.
#include "lib/mail/quoted_printable.h"

namespace mail {
namespace {

// "=XX" for a byte.
struct Escape {
    explicit Escape(char c)
    {
        constexpr char digits[] = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        text[1] = digits[byte >> 4];
        text[2] = digits[byte & 15];
    }
    std::string_view view() const { return {text, 3}; }

    char text[3] = {'='};
};

// RFC 2045 6.7 rule 2.
bool is_literal(char c)
{
    return c > 32 && c < 127 && c != '=';
}

} // namespace

void QuotedPrintableEncoder::feed(std::string_view text, std::string& out)
{
    for (const char c : text) {
        flush_blank(false, out);
        if (c == ' ' || c == '\t')
            blank_ = c;
        else if (is_literal(c))
            put({&c, 1}, out);
        else
            put(Escape(c).view(), out);
    }
}

void QuotedPrintableEncoder::end_line(std::string& out)
{
    finish(out);
    out += "\r\n";
    column_ = 0;
}

void QuotedPrintableEncoder::finish(std::string& out)
{
    flush_blank(true, out);
}

void QuotedPrintableEncoder::flush_blank(bool encoded, std::string& out)
{
    const char blank = blank_;
    if (blank == 0)
        return;
    blank_ = 0;
    if (encoded)
        put(Escape(blank).view(), out);
    else
        put({&blank, 1}, out);
}

// One column stays free for the '=' of a soft line break (rule 5).
void QuotedPrintableEncoder::put(std::string_view token, std::string& out)
{
    if (column_ + token.size() > line_limit - 1) {
        out += "=\r\n";
        column_ = 0;
    }
    out += token;
    column_ += token.size();
}

} // namespace mail
