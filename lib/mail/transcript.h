// SPDX-License-Identifier: Apache-2.0
// The last part of a dialogue, as the postmaster gets to read it. Bounded: what was said first goes
// first.
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

    // Each line of `lines` with who said it before it: "Out: ", "In:  ".
    void add(std::string_view who, std::string_view lines);

    // Printable lines that end in CRLF and begin with a blank.
    std::string text() const;

    bool empty() const { return lines_.empty(); }

private:
    std::deque<std::string> lines_;
    std::size_t size_ = 0;
    bool dropped_ = false;
};

} // namespace mail
