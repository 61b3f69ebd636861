// SPDX-License-Identifier: Apache-2.0
// Lines of standard input; see content.h.
#include "submit/sendmail/content.h"

#include <algorithm>
#include <utility>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace sendmail {

using config::LineEndings;

bool ContentReader::strips_cr() const
{
    switch (rules_.endings) {
    case LineEndings::Always: return true;
    case LineEndings::Strict: return first_line_ || first_had_cr_;
    case LineEndings::Never: break;
    }
    return false;
}

void ContentReader::line_end(std::string& out)
{
    if (first_line_)
        first_had_cr_ = pending_crs_ > 0;
    const std::size_t kept_crs = strips_cr() ? 0 : pending_crs_;
    pending_crs_ = 0;
    first_line_ = false;
    if (pending_dot_ && at_start_ && kept_crs == 0) {
        ended_ = true;
        return;
    }
    if (pending_dot_)
        out += '.';
    out.append(kept_crs, '\r');
    out += "\r\n";
    pending_dot_ = false;
    at_start_ = true;
}

// What was held back is neither the message's end nor part of the line's.
void ContentReader::give_pending(std::string& out)
{
    if (pending_dot_)
        out += '.';
    out.append(pending_crs_, '\r');
    pending_dot_ = false;
    pending_crs_ = 0;
    at_start_ = false;
}

void ContentReader::lines(std::string_view bytes, std::string& out)
{
    for (std::size_t i = 0; i < bytes.size() && !ended_; ++i) {
        const char c = bytes[i];
        if (c == '\n') {
            line_end(out);
        } else if (c == '\r') {
            ++pending_crs_;
        } else if (c == '.' && rules_.dot_ends && at_start_ && !pending_dot_ && pending_crs_ == 0) {
            pending_dot_ = true;
        } else {
            give_pending(out);
            // The rest of the line up to what matters.
            const auto stop = bytes.find_first_of("\r\n", i);
            const auto end = stop == std::string_view::npos ? bytes.size() : stop;
            out.append(bytes.substr(i, end - i));
            i = end - 1;
        }
    }
}

// Whether a line that begins so separates messages in a mailbox file, or may turn out to.
bool ContentReader::may_separate(std::string_view text)
{
    static constexpr std::string_view word = "From ";
    if (text.size() > separator_limit)
        return false;
    text.remove_prefix(std::min(text.find_first_not_of('>'), text.size()));
    return text.starts_with(word) || word.starts_with(text);
}

void ContentReader::pass_separator()
{
    if (first_line_)
        first_had_cr_ = front_.ends_with("\r\n");
    first_line_ = false;
    front_.clear();
}

// Passes over the separators in front of the message; what turns out to be none goes on to lines().
void ContentReader::feed(std::string_view bytes, std::string& out)
{
    while (in_front_ && !bytes.empty()) {
        const auto size = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
        front_ += bytes.substr(0, size);
        bytes.remove_prefix(size);
        in_front_ = may_separate(front_);
        if (!in_front_)
            lines(std::exchange(front_, {}), out);
        else if (front_.ends_with('\n'))
            pass_separator();
    }
    lines(bytes, out);
}

void ContentReader::finish(std::string& out)
{
    lines(std::exchange(front_, {}), out);
    if (!ended_ && (pending_dot_ || pending_crs_ > 0 || !at_start_))
        line_end(out);
    ended_ = true;
}

std::string trial_content(const std::string& sender, const std::vector<std::string>& recipients)
{
    std::string out = base::cat("From: ", mail::quote_address(sender), "\r\nSubject: probe\r\nTo:");
    for (const std::string& address : recipients)
        base::append(out, "\t", mail::quote_address(address),
                     &address == &recipients.back() ? "\r\n" : ",\r\n");
    return out;
}

} // namespace sendmail
