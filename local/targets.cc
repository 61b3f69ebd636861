// SPDX-License-Identifier: Apache-2.0
// The right-hand side of aliases(5); see targets.h.
#include "local/targets.h"

#include <utility>

#include "lib/base/strings.h"

namespace local {

namespace {

constexpr std::string_view include_mark = ":include:";

bool is_separator(char c)
{
    return c == ',' || c == ';';
}

// NUL bytes would end a path or a command early for the system: they separate.
bool is_blank(char c)
{
    return c == '\0' || base::is_blank(c);
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::vector<Target> run()
    {
        while (at_ < text_.size())
            step();
        end_target();
        return std::move(targets_);
    }

private:
    // A path or a command: characters that mean something in addresses are ordinary there.
    bool is_verbatim() const
    {
        return !current_.empty() && (current_.front() == '/' || current_.front() == '|' ||
                                     current_.front() == '~' || current_.front() == ':');
    }

    void step()
    {
        const char c = text_[at_];
        if (is_blank(c))
            return blanks();
        if (is_separator(c)) {
            ++at_;
            end_target();
            list_begins_ = targets_.size();
            return;
        }
        if (c == '"')
            return append_quoted('"');
        if (is_verbatim() && c != '(')
            return append_one();
        special(c);
    }

    void special(char c)
    {
        switch (c) {
        case '(': return skip_comment();
        case '<': return angle_address();
        case '>': ++at_; return;
        case ':': return colon();
        case '[':
            current_ += c;
            append_quoted(']');
            current_ += ']';
            return;
        default: return append_one();
        }
    }

    // One character; a backslash makes the next one ordinary.
    void append_one()
    {
        if (text_[at_] == '\\' && at_ + 1 < text_.size())
            ++at_;
        if (text_[at_] != '\0')
            current_ += text_[at_];
        ++at_;
    }

    // What stands between the character here and `close`.
    void append_quoted(char close)
    {
        for (++at_; at_ < text_.size() && text_[at_] != close;)
            append_one();
        ++at_;
    }

    // Blanks end a destination, except around the @ of an address.
    void blanks()
    {
        while (at_ < text_.size() && is_blank(text_[at_]))
            ++at_;
        const bool continues = at_ < text_.size() && text_[at_] == '@' && !is_verbatim();
        const bool wants_more = !current_.empty() && ((current_.back() == '@' && !is_verbatim()) ||
                                                      current_ == include_mark);
        if (!continues && !wants_more)
            end_target();
    }

    void skip_comment()
    {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\')
                ++at_;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0)
                break;
        }
        ++at_;
    }

    // "Name <address>": the words before it were a name.
    void angle_address()
    {
        targets_.resize(list_begins_);
        current_.clear();
        for (++at_; at_ < text_.size() && text_[at_] != '>';) {
            const char c = text_[at_];
            if (is_blank(c))
                ++at_;
            else if (c == '(')
                skip_comment();
            else if (c == '"')
                append_quoted('"');
            else
                append_one();
        }
        ++at_;
        end_target();
    }

    // ":include:", or the end of a group's name.
    void colon()
    {
        if (current_.empty() && base::istarts_with(text_.substr(at_), include_mark)) {
            at_ += include_mark.size();
            current_ = include_mark;
            return;
        }
        ++at_;
        current_.clear();
        targets_.resize(list_begins_);
    }

    void end_target()
    {
        std::string text = std::exchange(current_, {});
        if (text.empty())
            return;
        if (text.front() == '|')
            targets_.push_back({Target::Kind::Command, text.substr(1)});
        else if (text.front() == '/' || text.front() == '~')
            targets_.push_back({Target::Kind::File, std::move(text)});
        else if (base::istarts_with(text, include_mark))
            targets_.push_back(
                {Target::Kind::Include, std::string(base::trim(text.substr(include_mark.size())))});
        else
            targets_.push_back({Target::Kind::Address, std::move(text)});
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string current_;
    std::size_t list_begins_ = 0; // Targets since the last separator begin here.
    std::vector<Target> targets_;
};

} // namespace

std::vector<Target> parse_targets(std::string_view text)
{
    return Reader{text}.run();
}

std::vector<Target> parse_target_lines(std::string_view text)
{
    std::vector<Target> all;
    while (!text.empty()) {
        const std::string_view line = base::cut(text, '\n');
        if (line.starts_with('#'))
            continue;
        for (auto& target : parse_targets(line))
            all.push_back(std::move(target));
    }
    return all;
}

} // namespace local
