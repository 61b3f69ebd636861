// SPDX-License-Identifier: Apache-2.0
// Replies of a remote server: see the header.
#include "lib/smtp/reply_parser.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace smtp {
namespace {

// RFC 5321 4.2: Reply-code. Nothing when `line` does not begin with one that ends there.
bool has_reply_code(std::string_view line)
{
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, base::is_digit))
        return false;
    return line.size() == 3 || line[3] == ' ' || line[3] == '-';
}

std::size_t count_digits(std::string_view text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), base::is_digit);
    return static_cast<std::size_t>(end - text.begin());
}

// Length of ".D", ".DD" or ".DDD" at the start, or 0.
std::size_t dotted_number(std::string_view text)
{
    if (text.empty() || text.front() != '.')
        return 0;
    const std::size_t digits = count_digits(text.substr(1));
    return digits >= 1 && digits <= 3 ? digits + 1 : 0;
}

std::string_view without_code(std::string_view line)
{
    return line.substr(std::min<std::size_t>(line.size(), 4));
}

} // namespace

std::string ServerReply::one_line() const
{
    std::string line = text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

std::vector<std::string_view> ServerReply::lines() const
{
    std::vector<std::string_view> found;
    for (std::string_view rest = text; !rest.empty();)
        found.push_back(without_code(base::cut(rest, '\n')));
    return found;
}

std::string_view leading_enhanced_code(std::string_view text)
{
    if (text.empty() || (text[0] != '2' && text[0] != '4' && text[0] != '5'))
        return {};
    const std::size_t subject = dotted_number(text.substr(1));
    const std::size_t detail = subject == 0 ? 0 : dotted_number(text.substr(1 + subject));
    if (detail == 0)
        return {};
    const std::size_t length = 1 + subject + detail;
    if (length < text.size() && !base::is_blank(text[length]))
        return {};
    return text.substr(0, length);
}

std::string default_enhanced_code(int code)
{
    const int reply_class = code / 100;
    if (reply_class != 2 && reply_class != 4 && reply_class != 5)
        return "5.5.0";
    return base::cat(reply_class, ".0.0");
}

void ReplyParser::reset()
{
    state_ = State::Reading;
    reply_.code = 0;
    reply_.dsn.clear();
    reply_.text.clear();
    line_.clear();
    read_ = 0;
    garbage_.clear();
    garbage_lines_ = 0;
}

std::size_t ReplyParser::feed(std::string_view bytes)
{
    std::size_t used = 0;
    while (state_ == State::Reading && used < bytes.size()) {
        const std::string_view rest = bytes.substr(used);
        const std::size_t newline = rest.find('\n');
        const std::size_t part = newline == rest.npos ? rest.size() : newline + 1;
        take(rest.substr(0, std::min(newline, rest.size())));
        used += part;
        read_ += part;
        if (read_ > reply_read_limit)
            state_ = State::TooLong;
        else if (newline != rest.npos)
            end_line();
    }
    return used;
}

void ReplyParser::take(std::string_view part)
{
    // One byte more than the limit, so that a CR right behind it does not count.
    const std::size_t room = reply_line_limit + 1 - std::min(line_.size(), reply_line_limit + 1);
    line_.append(part.substr(0, room));
}

void ReplyParser::end_line()
{
    while (!line_.empty() && line_.back() == '\r')
        line_.pop_back();
    if (line_.size() > reply_line_limit)
        line_.resize(reply_line_limit);
    if (!has_reply_code(line_))
        return skip_garbage();

    reply_.code = base::parse_int<int>(std::string_view(line_).substr(0, 3)).value_or(0);
    if (reply_.text.size() + line_.size() < reply_text_limit) {
        if (!reply_.text.empty())
            reply_.text += '\n';
        if (std::all_of(line_.begin(), line_.end(), base::is_print))
            reply_.text += line_;
        else
            reply_.text += base::printable(line_, true);
    }
    if (line_.size() == 3 || line_[3] == ' ')
        finish();
    line_.clear();
}

void ReplyParser::skip_garbage()
{
    if (garbage_lines_ == 0)
        garbage_ = base::printable(std::string_view(line_).substr(0, 100), true);
    line_.clear();
    if (++garbage_lines_ > reply_garbage_limit)
        state_ = State::Nonsense;
}

// The first line's enhanced code stands for the whole reply, if it agrees with the reply code.
void ReplyParser::finish()
{
    const std::string_view first = without_code(reply_.text);
    const std::string_view code = leading_enhanced_code(base::trim_left(first));
    if (!code.empty() && code[0] - '0' == reply_.reply_class())
        reply_.dsn = code;
    else
        reply_.dsn = default_enhanced_code(reply_.code);
    state_ = State::Done;
}

} // namespace smtp
