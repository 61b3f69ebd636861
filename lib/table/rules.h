// SPDX-License-Identifier: Apache-2.0
// Blocks of rules: if PATTERN ... endif, as cidr, regexp and pcre tables have them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/strings.h"
#include "lib/table/source.h"

namespace table {

// The word that begins a line, if it belongs to the block language.
enum class Word : unsigned char { Rule, If, Endif };
// Cuts the word off `text`.
Word take_word(std::string_view& text);

// Keeps track of open blocks while rules are read. R has: std::size_t skip_to.
class Blocks {
public:
    void open(std::size_t rule) { open_.push_back(rule); }
    // The rule that opened the innermost block, or nothing (npos) when there is none.
    std::size_t close()
    {
        if (open_.empty())
            return std::string::npos;
        std::size_t rule = open_.back();
        open_.pop_back();
        return rule;
    }
    bool empty() const { return open_.empty(); }

private:
    std::vector<std::size_t> open_;
};

// Fills in where an `if` whose pattern does not hold goes on: R has `std::size_t skip_to`, and
// `bool is_if`. Rules are read by `parse`, which returns false for a rule to leave out.
template <typename R, typename Parse>
std::vector<R> read_rules(const std::vector<SourceLine>& lines, std::string_view title,
                          Warnings& warnings, Parse&& parse)
{
    std::vector<R> rules;
    Blocks blocks;
    for (const auto& line : lines) {
        std::string_view text = line.text;
        std::string place = base::cat(title, ", line ", line.line, ": ");
        Word word = take_word(text);
        if (word == Word::Endif) {
            std::size_t opened = blocks.close();
            if (opened == std::string::npos)
                warnings.push_back(place + "ignoring ENDIF without matching IF");
            else
                rules[opened].skip_to = rules.size();
            if (!text.empty())
                warnings.push_back(place + "ignoring extra text after ENDIF");
            continue;
        }
        R rule;
        rule.is_if = word == Word::If;
        rule.line = line.line;
        if (!parse(text, rule, place))
            continue;
        if (rule.is_if)
            blocks.open(rules.size());
        rules.push_back(std::move(rule));
    }
    while (!blocks.empty()) {
        auto& rule = rules[blocks.close()];
        rule.skip_to = rules.size();
        warnings.push_back(base::cat(title, ", line ", rule.line, ": IF has no matching ENDIF"));
    }
    return rules;
}

} // namespace table
