// SPDX-License-Identifier: Apache-2.0
// From the lines of standard input to content in wire form: line ends, the lines of a mailbox file
// in front of the message ("From x ...", ">From x ..."), which are left out, and the line with a
// lone dot that may end it. Also the message of a trial, for which there is no input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/config/params/submit.h"

namespace sendmail {

class ContentReader {
public:
    struct Rules {
        bool dot_ends = true;
        config::LineEndings endings = config::LineEndings::Always;
    };
    explicit ContentReader(Rules rules) : rules_(rules) {}

    // Appends the wire form of the next bytes, in whatever pieces they come, to `out`. Once
    // ended(), what comes is passed over.
    void feed(std::string_view bytes, std::string& out);
    // The input is at its end: a last line without line end gets one.
    void finish(std::string& out);

    bool ended() const { return ended_; }

private:
    static constexpr std::size_t separator_limit = 2048; // A longer line is none.
    static bool may_separate(std::string_view text);
    void pass_separator();
    void lines(std::string_view bytes, std::string& out);
    void line_end(std::string& out);
    void give_pending(std::string& out);
    bool strips_cr() const;

    Rules rules_;
    bool ended_ = false;
    bool in_front_ = true;        // Nothing has come but separators.
    std::string front_;           // The beginning of what may be one.
    bool at_start_ = true;        // Nothing of this line has gone out.
    bool pending_dot_ = false;    // A dot that may be all of its line.
    std::size_t pending_crs_ = 0; // That may be part of the line's end.
    bool first_line_ = true;
    bool first_had_cr_ = false;
};

// The message that stands for one to these addresses when only their delivery is tried (-bv).
std::string trial_content(const std::string& sender, const std::vector<std::string>& recipients);

} // namespace sendmail
