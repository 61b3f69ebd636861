// SPDX-License-Identifier: Apache-2.0
// Text sources; see source.h.
#include "lib/table/source.h"

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/config/param.h"

namespace table {

std::vector<SourceLine> source_lines(std::string_view text)
{
    std::vector<SourceLine> lines;
    for (int number = 1; !text.empty(); ++number) {
        std::string_view physical = base::cut(text, '\n');
        std::string_view content = base::trim(physical);
        if (content.empty() || content.front() == '#')
            continue;
        if (base::is_blank(physical.front()) && !lines.empty())
            lines.back().text.append(physical);
        else
            lines.push_back({std::string(physical), number});
    }
    for (auto& line : lines)
        line.text = base::trim(line.text);
    return lines;
}

bool is_inline_source(std::string_view name)
{
    return !name.empty() && name.front() == '{';
}

std::string_view unbrace(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}')
        return base::trim(text.substr(1, text.size() - 2));
    return text;
}

base::Result<std::vector<std::string>> brace_list(std::string_view text)
{
    if (text.size() < 2 || text.front() != '{' || text.back() != '}')
        return base::permanent(base::cat("need {...} instead of \"", text, "\""));
    std::vector<std::string> parts;
    std::string why;
    if (!config::List::parse(text.substr(1, text.size() - 2), parts, why))
        return base::permanent(why);
    return parts;
}

base::Result<std::string> load_source(const std::string& name)
{
    if (!is_inline_source(name))
        return base::read_file(name, kSourceBytes);
    auto rules = brace_list(name);
    if (!rules)
        return rules.error();
    std::string text;
    for (const auto& rule : *rules) {
        if (rule.front() != '{')
            return base::permanent(base::cat("need { around the rule \"", rule, "\""));
        base::append(text, unbrace(rule), "\n");
    }
    return text;
}

// Where the key at the start of `line` ends; npos when a quotation mark is not closed.
static std::size_t key_end(std::string_view line)
{
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"')
            quoted = !quoted;
        else if (quoted && line[i] == '\\')
            ++i;
        else if (!quoted && base::is_blank(line[i]))
            return i;
    }
    return quoted ? std::string_view::npos : line.size();
}

bool split_entry(std::string_view line, Entry& entry, std::string& why)
{
    std::size_t end = key_end(line);
    if (end == std::string_view::npos) {
        why = base::cat("unbalanced '\"' in '", line, "' -- ignoring this line");
        return false;
    }
    entry = {line.substr(0, end), base::trim(line.substr(end))};
    if (entry.value.empty())
        why = "expected format: key whitespace value -- ignoring this line";
    return !entry.value.empty();
}

} // namespace table
