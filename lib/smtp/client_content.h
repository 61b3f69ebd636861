// SPDX-License-Identifier: Apache-2.0
// Message content on its way out: what is known about it beforehand, and the filter that makes of
// stored content what may follow DATA (RFC 5321 sections 2.3.8, 4.5.2 and 4.5.3.1.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace smtp {

// What cleanup found out about stored content. The defaults are the worst case: where a fact is
// not known, leave it.
struct ContentFacts {
    std::uint64_t size = 0;              // Octets.
    std::size_t longest_line = SIZE_MAX; // Octets without CRLF.
    bool dot_lines = true;               // Lines that begin with a dot.
    bool stray_cr_or_lf = true;          // CR or LF other than in CRLF.
    bool ends_with_crlf = false;         // Also true for no content at all.
    bool eight_bit = true;               // Octets above 127 anywhere,
    bool eight_bit_headers = false;      // and in the message header.

    // True when the content can be sent as it is, with ".\r\n" behind it.
    bool clean(std::size_t line_limit) const
    {
        return !dot_lines && !stray_cr_or_lf && ends_with_crlf &&
               (line_limit == 0 || longest_line <= line_limit);
    }

    bool operator==(const ContentFacts&) const = default;
};

// Doubles leading dots, breaks lines longer than the limit by CRLF SPACE as Postfix does, replaces
// CR and LF that are not a line end by a space, and ends the last line. Whatever comes in, in
// whatever pieces: no bare CR or LF and no early end of data goes out.
class ContentFilter {
public:
    // `line_limit`: octets of a line without CRLF; 0 is no limit.
    explicit ContentFilter(std::size_t line_limit) : limit_(line_limit == 0 ? SIZE_MAX : line_limit)
    {
    }

    // Appends the wire form of `bytes` to `out`. Output grows with input: at most twice as much,
    // plus three octets per line_limit - 1.
    void feed(std::string_view bytes, std::string& out);

    // Appends what is held back, a missing line end, and the final dot.
    void finish(std::string& out);

    // True once a line was broken.
    bool folded() const { return folded_; }

private:
    void put(std::string_view text, std::string& out);
    void segment(std::string_view text, std::string& out);
    void line_feed(std::string& out);

    std::size_t limit_;
    std::size_t column_ = 0; // Octets of this line so far, without the added dot.
    bool pending_cr_ = false;
    bool folded_ = false;
};

} // namespace smtp
