// SPDX-License-Identifier: Apache-2.0
// Message content on its way out: see the header.
#include "lib/smtp/client_content.h"

#include <algorithm>

namespace smtp {

void ContentFilter::feed(std::string_view bytes, std::string& out)
{
    out.reserve(out.size() + bytes.size() + 256);
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        segment(bytes.substr(0, end), out);
        if (end == bytes.npos)
            return;
        line_feed(out);
        bytes.remove_prefix(end + 1);
    }
}

// Text without LF. A CR is stray unless it stands at the very end, where an LF may follow.
void ContentFilter::segment(std::string_view text, std::string& out)
{
    if (text.empty())
        return;
    if (pending_cr_)
        put(" ", out);
    pending_cr_ = text.back() == '\r';
    if (pending_cr_)
        text.remove_suffix(1);
    for (std::size_t cr = text.find('\r'); cr != text.npos; cr = text.find('\r')) {
        put(text.substr(0, cr), out);
        put(" ", out);
        text.remove_prefix(cr + 1);
    }
    put(text, out);
}

void ContentFilter::line_feed(std::string& out)
{
    if (!pending_cr_)
        return put(" ", out);
    pending_cr_ = false;
    out += "\r\n";
    column_ = 0;
}

void ContentFilter::finish(std::string& out)
{
    if (pending_cr_)
        put(" ", out);
    pending_cr_ = false;
    if (column_ > 0)
        out += "\r\n";
    column_ = 0;
    out += ".\r\n";
}

void ContentFilter::put(std::string_view text, std::string& out)
{
    if (column_ == 0 && !text.empty() && text.front() == '.')
        out += '.';
    while (!text.empty()) {
        if (column_ >= limit_) {
            // The line goes on although it is full.
            out += "\r\n ";
            column_ = 1;
            folded_ = true;
        }
        const std::size_t part = std::min(text.size(), limit_ > column_ ? limit_ - column_ : 1);
        out += text.substr(0, part);
        column_ += part;
        text.remove_prefix(part);
    }
}

} // namespace smtp
