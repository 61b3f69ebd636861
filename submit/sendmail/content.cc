// SPDX-License-Identifier: Apache-2.0
// Lines of standard input; see content.h.
#include "submit/sendmail/content.h"

#include <cstring>

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
    const bool had_cr = pending_cr_;
    if (first_line_)
        first_had_cr_ = had_cr;
    const bool cr_is_end = !had_cr || strips_cr();
    pending_cr_ = false;
    first_line_ = false;
    if (pending_dot_ && at_start_ && cr_is_end) {
        ended_ = true;
        return;
    }
    if (pending_dot_)
        out += '.';
    if (!cr_is_end)
        out += '\r';
    out += "\r\n";
    pending_dot_ = false;
    at_start_ = true;
}

void ContentReader::feed(std::string_view bytes, std::string& out)
{
    for (std::size_t i = 0; i < bytes.size() && !ended_; ++i) {
        const char c = bytes[i];
        if (c == '\n') {
            line_end(out);
            continue;
        }
        const bool may_be_all = at_start_ && !pending_dot_ && !pending_cr_;
        if (may_be_all && c == '.' && rules_.dot_ends) {
            pending_dot_ = true;
            continue;
        }
        if (pending_dot_ && !(c == '\r' && !pending_cr_)) {
            out += '.';
            pending_dot_ = false;
            at_start_ = false;
        }
        if (pending_cr_)
            out += '\r';
        pending_cr_ = c == '\r';
        if (pending_cr_)
            continue;
        // The rest of the line up to what matters.
        const auto stop = bytes.find_first_of("\r\n", i);
        const auto end = stop == std::string_view::npos ? bytes.size() : stop;
        out.append(bytes.substr(i, end - i));
        at_start_ = false;
        i = end - 1;
    }
}

void ContentReader::finish(std::string& out)
{
    if (!ended_ && (pending_dot_ || pending_cr_ || !at_start_))
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
