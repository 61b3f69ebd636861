// SPDX-License-Identifier: Apache-2.0
// The last part of a dialogue, as the postmaster gets to read it. Bounded: what was said first goes
// first. Credentials of AUTH (RFC 4954) are not kept.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace mail {

class Transcript {
public:
    static constexpr std::size_t line_limit = 512;   // Longer lines are cut.
    static constexpr std::size_t total_limit = 8192; // Bytes of all lines.

    // Each line of what a client or a server said, with who it was before it: "Out: ", "In:  ", a
    // literal.
    void add_commands(std::string_view who, std::string_view lines);
    void add_replies(std::string_view who, std::string_view lines);

    bool empty() const { return lines_.empty(); }

    // The text of a letter about it: `before`, what was said in printable lines that begin with a
    // blank, and `after`, which both are empty or end in CRLF.
    std::string letter(std::string_view before, std::string_view after) const;

private:
    struct Line {
        std::string_view who;
        std::string text;
    };
    void add(std::string_view who, std::string_view line);

    std::deque<Line> lines_;
    std::size_t size_ = 0;
    bool dropped_ = false;
    bool asked_secret_ = false; // The next command is the answer to 334.
};

} // namespace mail
