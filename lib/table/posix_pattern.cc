// SPDX-License-Identifier: Apache-2.0
// POSIX expressions in the words of PCRE2; see pattern_table.h.
#include "lib/base/strings.h"
#include "lib/table/pattern_table.h"

namespace table {

namespace {

class Translator {
public:
    Translator(std::string_view expression, bool extended) : in_(expression), extended_(extended) {}

    std::string run()
    {
        while (at_ < in_.size())
            step();
        return std::move(out_);
    }

private:
    void step()
    {
        char c = in_[at_];
        if (c == '[') {
            bracket();
        } else if (c == '\\' && at_ + 1 < in_.size()) {
            escape(in_[at_ + 1]);
            at_ += 2;
        } else {
            if (!extended_ && std::string_view("(){}|+?").find(c) != std::string_view::npos)
                out_ += '\\';
            out_ += c;
            ++at_;
        }
    }

    void escape(char c)
    {
        if (c == '<')
            out_ += "\\b(?=\\w)";
        else if (c == '>')
            out_ += "\\b(?<=\\w)";
        else if (!extended_ && std::string_view("(){}|+?").find(c) != std::string_view::npos)
            out_ += c;
        else
            base::append(out_, '\\', c);
    }

    // IEEE Std 1003.1 section 9.3.5: a backslash is a plain character, ] first is one too.
    void bracket()
    {
        out_ += '[';
        ++at_;
        if (at_ < in_.size() && in_[at_] == '^')
            out_ += in_[at_++];
        if (at_ < in_.size() && in_[at_] == ']') {
            out_ += "\\]";
            ++at_;
        }
        while (at_ < in_.size() && in_[at_] != ']')
            bracket_item();
        if (at_ < in_.size()) {
            out_ += ']';
            ++at_;
        }
    }

    void bracket_item()
    {
        char kind = in_[at_] == '[' && at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
        bool is_class = kind == ':' || kind == '.' || kind == '=';
        auto end = is_class ? in_.find(base::cat(kind, ']'), at_ + 2) : std::string_view::npos;
        if (end != std::string_view::npos) {
            out_.append(in_.substr(at_, end + 2 - at_));
            at_ = end + 2;
            return;
        }
        if (in_[at_] == '\\' || in_[at_] == '[')
            out_ += '\\';
        out_ += in_[at_++];
    }

    std::string_view in_;
    bool extended_;
    std::size_t at_ = 0;
    std::string out_;
};

} // namespace

std::string posix_to_perl(std::string_view expression, bool extended)
{
    return Translator(expression, extended).run();
}

} // namespace table
