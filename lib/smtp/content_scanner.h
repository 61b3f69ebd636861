// SPDX-License-Identifier: Apache-2.0
// Turns the bytes after DATA, or of a BDAT chunk, into message content in wire form: dots
// unstuffed, bare LF made CRLF, bare CR made a blank. Knows the end of data: CRLF.CRLF and nothing
// else (RFC 5321 4.1.1.4). Keeps a few flags and no bytes: what cannot be decided yet is left to
// the caller, who comes again with more after it; only a chunk is always consumed to its end. Clean
// text is found with memchr and returned as one span of the input.
#pragma once

#include <cstdint>
#include <string_view>

namespace smtp {

class ContentScanner {
public:
    enum class Form : std::uint8_t { Dotted, Chunk };
    enum class Found : std::uint8_t {
        Text, // `text`, then `suffix`, are content.
        End,  // The end of data; `text` is empty. Never in a chunk.
        More, // Nothing can be said before there is more input.
    };
    struct Span {
        Found found = Found::More;
        std::string_view text;    // Part of the input, or static.
        std::string_view suffix;  // "", CRLF for a bare LF, or " " for a bare CR; static.
        std::size_t consumed = 0; // Of the input, suffix included; up to 2 more than `text`.
    };

    // `replace_stray_cr` false keeps bare CR as it came. `lf_lines`: LF alone ends lines too, and
    // so the data; only for who is no relay, because others must see the same end.
    ContentScanner(Form form, bool replace_stray_cr, bool lf_lines = false)
        : form_(form), replace_cr_(replace_stray_cr), lf_lines_(lf_lines)
    {
    }

    // Looks at `input`, which follows what was consumed so far.
    Span next(std::string_view input);

    // What completes the content after the last chunk: a line end where one is missing, or "".
    std::string_view finish();

    bool saw_bare_lf() const { return bare_lf_; }

private:
    Span dot_line(std::string_view input);
    Span text_run(std::string_view input, std::size_t skip);
    Span open_line(std::string_view input, std::size_t skip, bool ends_in_cr);
    Span stop_at(std::string_view input, std::size_t skip, std::size_t stray);
    Span after_cr(std::string_view input);

    Form form_;
    bool replace_cr_;
    bool lf_lines_;
    bool line_start_ = true;
    bool after_bare_lf_ = false; // The line start is none that the end of data may follow.
    bool pending_cr_ = false;    // A chunk ended in CR; its LF may open the next.
    bool any_ = false;
    bool bare_lf_ = false;
};

} // namespace smtp
