// SPDX-License-Identifier: Apache-2.0
// The scanner of message content; see content_scanner.h.
#include "lib/smtp/content_scanner.h"

#include <cstring>

namespace smtp {

using Span = ContentScanner::Span;

static std::size_t find_byte(std::string_view text, std::size_t from, char c)
{
    const void* at = std::memchr(text.data() + from, c, text.size() - from);
    if (at == nullptr)
        return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

Span ContentScanner::next(std::string_view input)
{
    if (input.empty())
        return {};
    if (pending_cr_)
        return after_cr(input);
    if (form_ == Form::Dotted && line_start_ && input[0] == '.')
        return dot_line(input);
    return text_run(input, 0);
}

// A line that begins with a dot: the end, or text whose first dot goes.
Span ContentScanner::dot_line(std::string_view input)
{
    static constexpr std::string_view end = ".\r\n";
    if (after_bare_lf_)
        return text_run(input, 1);
    if (input.size() < end.size() && end.starts_with(input))
        return {};
    if (input.starts_with(end))
        return {Found::End, {}, {}, end.size()};
    if (lf_lines_ && input.starts_with(".\n"))
        return {Found::End, {}, {}, 2};
    return text_run(input, 1);
}

// The longest run of whole lines, and of the line begun after them, that needs no change.
Span ContentScanner::text_run(std::string_view input, std::size_t skip)
{
    any_ = true;
    if (skip == input.size())
        return open_line(input, skip, false);
    std::size_t at = skip;
    while (at < input.size()) {
        std::size_t lf = find_byte(input, at, '\n');
        bool open = lf == std::string_view::npos;
        std::size_t end = open ? input.size() : lf;
        bool ends_in_cr = end > at && input[end - 1] == '\r';
        std::string_view upto = input.substr(0, ends_in_cr ? end - 1 : end);
        std::size_t stray = replace_cr_ ? find_byte(upto, at, '\r') : std::string_view::npos;
        if (stray != std::string_view::npos)
            return stop_at(input, skip, stray);
        if (open)
            return open_line(input, skip, ends_in_cr);
        if (!ends_in_cr)
            return stop_at(input, skip, lf);
        at = lf + 1;
        if (form_ == Form::Dotted && at < input.size() && input[at] == '.')
            break;
    }
    line_start_ = true;
    after_bare_lf_ = false;
    return {Found::Text, input.substr(skip, at - skip), {}, at};
}

// The input ends inside a line. A CR at its end waits for what follows.
Span ContentScanner::open_line(std::string_view input, std::size_t skip, bool ends_in_cr)
{
    line_start_ = false;
    std::string_view text = input.substr(skip);
    if (!ends_in_cr)
        return {Found::Text, text, {}, input.size()};
    text.remove_suffix(1);
    if (form_ == Form::Dotted)
        return {text.empty() && skip == 0 ? Found::More : Found::Text, text, {}, input.size() - 1};
    pending_cr_ = true;
    return {Found::Text, text, {}, input.size()};
}

Span ContentScanner::after_cr(std::string_view input)
{
    pending_cr_ = false;
    line_start_ = input[0] == '\n';
    if (line_start_)
        return {Found::Text, "\r\n", {}, 1};
    return {Found::Text, replace_cr_ ? " " : "\r", {}, 0};
}

std::string_view ContentScanner::finish()
{
    bool complete = !pending_cr_ && (line_start_ || !any_);
    pending_cr_ = false;
    line_start_ = true;
    return complete ? "" : "\r\n";
}

// Ends the run at a bare LF or CR, which is replaced.
Span ContentScanner::stop_at(std::string_view input, std::size_t skip, std::size_t stray)
{
    bool lf = input[stray] == '\n';
    bare_lf_ = bare_lf_ || lf;
    line_start_ = lf;
    after_bare_lf_ = lf && !lf_lines_;
    return {Found::Text, input.substr(skip, stray - skip), lf ? "\r\n" : " ", stray + 1};
}

} // namespace smtp
