// SPDX-License-Identifier: Apache-2.0
// The quoted-printable encoding (RFC 2045 section 6.7) as a filter for text in wire form.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mail {

class QuotedPrintableEncoder {
public:
    // The longest line that comes out, without CRLF.
    static constexpr std::size_t line_limit = 76;

    // Appends the encoding of part of a line. A CR or LF in it is data, and encoded.
    void feed(std::string_view text, std::string& out);

    // Appends a line end, after what is held back.
    void end_line(std::string& out);

    // Appends what is held back, where input ends without a line end.
    void finish(std::string& out);

private:
    void put(std::string_view token, std::string& out);
    void flush_blank(bool encoded, std::string& out);

    std::size_t column_ = 0;
    char blank_ = 0; // A space or tab that must be encoded if the line ends behind it.
};

} // namespace mail
