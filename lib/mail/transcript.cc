// SPDX-License-Identifier: Apache-2.0
// A bounded transcript; see transcript.h.
#include "lib/mail/transcript.h"

#include <utility>

#include "lib/base/strings.h"
#include "lib/mail/wrap.h"

namespace mail {

// Of an AUTH command; empty for others.
static std::string auth_mechanism(std::string_view line)
{
    const std::vector<std::string_view> words = base::split(line, " \t");
    return words.size() >= 2 && base::iequals(words[0], "AUTH") ? std::string(words[1]) : "";
}

void Transcript::add(std::string_view who, std::string_view line)
{
    lines_.push_back({who, base::printable(line.substr(0, line_limit))});
    size_ += who.size() + lines_.back().text.size();
    while (size_ > total_limit) {
        size_ -= lines_.front().who.size() + lines_.front().text.size();
        lines_.pop_front();
        dropped_ = true;
    }
}

void Transcript::add_commands(std::string_view who, std::string_view lines)
{
    while (!lines.empty()) {
        const std::string_view line = base::trim_right(base::cut(lines, '\n'));
        const std::string mechanism = auth_mechanism(line);
        if (std::exchange(asked_secret_, false))
            add(who, "(not shown)");
        else if (!mechanism.empty())
            add(who, base::cat("AUTH ", mechanism));
        else
            add(who, line);
    }
}

void Transcript::add_replies(std::string_view who, std::string_view lines)
{
    while (!lines.empty()) {
        const std::string_view line = base::trim_right(base::cut(lines, '\n'));
        asked_secret_ = line.starts_with("334");
        add(who, line);
    }
}

std::string Transcript::letter(std::string_view before, std::string_view after) const
{
    std::string out = base::cat(before, "Transcript of session follows.\r\n\r\n",
                                dropped_ ? " (what was said before is left out)\r\n" : "");
    for (const Line& line : lines_)
        append_wrapped(out, line.text, base::cat(" ", line.who), "     ");
    base::append(out, "\r\n", after, "For other details, see the local mail logfile\r\n");
    return out;
}

} // namespace mail
