// SPDX-License-Identifier: Apache-2.0
// A bounded transcript; see transcript.h.
#include "lib/mail/transcript.h"

#include "lib/base/strings.h"

namespace mail {

void Transcript::add(std::string_view who, std::string_view lines)
{
    while (!lines.empty()) {
        std::string_view line = base::trim_right(base::cut(lines, '\n'));
        lines_.push_back(base::cat(who, base::printable(line.substr(0, line_limit))));
        size_ += lines_.back().size();
        while (size_ > total_limit) {
            size_ -= lines_.front().size();
            lines_.pop_front();
            dropped_ = true;
        }
    }
}

std::string Transcript::text() const
{
    std::string out = dropped_ ? " (what was said before is left out)\r\n" : "";
    for (const std::string& line : lines_)
        base::append(out, " ", line, "\r\n");
    return out;
}

} // namespace mail
