// SPDX-License-Identifier: Apache-2.0
// Entries of failure_class_maps; see map_check.h.
#include "lib/failure/map_check.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/failure_class.h"
#include "lib/table/rules.h"
#include "lib/table/source.h"
#include "lib/table/tables.h"

namespace failure {

namespace {

enum class Form : std::uint8_t { Patterns, Lines, Inline, Static };
struct TypeForm {
    std::string_view type;
    Form form;
};
constexpr TypeForm forms[] = {
    {"regexp", Form::Patterns}, {"pcre", Form::Patterns}, {"texthash", Form::Lines},
    {"hash", Form::Lines},      {"btree", Form::Lines},   {"lmdb", Form::Lines},
    {"cdb", Form::Lines},       {"inline", Form::Inline}, {"static", Form::Static},
};

struct Entry {
    std::string where;
    std::string key; // Empty: matches by a pattern, or always.
    std::string value;
};

bool is_number(std::string_view text, std::size_t most)
{
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), base::is_digit);
}

bool is_dsn(std::string_view text)
{
    const std::string_view kind = base::cut(text, '.');
    const std::string_view subject = base::cut(text, '.');
    return (kind == "4" || kind == "5") && is_number(subject, 3) && is_number(text, 3);
}

bool is_code(std::string_view text)
{
    return text.size() == 3 && (text[0] == '4' || text[0] == '5') && is_number(text, 3);
}

// What exact tables are asked for: see table_key() in labels.h.
bool can_be_asked(std::string_view key)
{
    if (key.find(' ') != std::string_view::npos || is_dsn(key) || is_code(key))
        return true;
    const auto dash = key.rfind('-');
    return dash != std::string_view::npos && is_dsn(key.substr(dash + 1)) &&
           (key.substr(0, dash) == "-" || is_code(key.substr(0, dash)));
}

// "result" of "/pattern/flags result", or of "!/this/!/that/ result"; nothing where the pattern is
// not closed.
std::string_view result_of(std::string_view rule)
{
    while (true) {
        while (!rule.empty() && (rule.front() == '!' || base::is_blank(rule.front())))
            rule.remove_prefix(1);
        if (rule.empty())
            return {};
        std::size_t end = 1;
        while (end < rule.size() && rule[end] != rule.front())
            end += rule[end] == '\\' ? 2 : 1;
        if (end >= rule.size())
            return {};
        rule.remove_prefix(end + 1);
        while (!rule.empty() && base::is_alnum(rule.front()))
            rule.remove_prefix(1);
        if (rule.empty() || rule.front() != '!')
            return base::trim(rule);
    }
}

void read_patterns(const table::SourceLine& line, std::string where, std::vector<Entry>& entries)
{
    std::string_view text = line.text;
    if (table::take_word(text) != table::Word::Rule)
        return;
    const std::string_view value = result_of(text);
    if (!value.empty() && value.find('$') == std::string_view::npos)
        entries.push_back({std::move(where), {}, std::string(value)});
}

void read_line(const table::SourceLine& line, std::string where, std::vector<Entry>& entries)
{
    table::Entry entry;
    std::string why;
    if (!table::split_entry(line.text, entry, why))
        return;
    std::string key(entry.key);
    key.erase(std::remove(key.begin(), key.end(), '"'), key.end());
    entries.push_back({std::move(where), std::move(key), std::string(entry.value)});
}

void read_inline(const std::string& spec, std::string_view name, std::vector<Entry>& entries)
{
    auto parts = table::brace_list(name);
    if (!parts)
        return;
    for (const std::string& part : *parts) {
        std::string_view value = table::unbrace(part);
        const std::string_view key = base::trim(base::cut(value, '='));
        entries.push_back({spec, std::string(key), std::string(base::trim(value))});
    }
}

void read_source(const std::string& name, Form form, std::vector<Entry>& entries)
{
    const auto text = table::load_source(name);
    if (!text)
        return; // Told by who opens the table.
    for (const table::SourceLine& line : table::source_lines(*text)) {
        std::string where = base::cat(name, ", line ", line.line);
        if (form == Form::Patterns)
            read_patterns(line, std::move(where), entries);
        else
            read_line(line, std::move(where), entries);
    }
}

std::vector<Entry> entries_of(const std::string& spec)
{
    std::vector<Entry> entries;
    std::string_view type, name;
    if (!table::split_table_name(spec, type, name))
        return entries;
    if (type == "proxy")
        return entries_of(std::string(name));
    const auto* found = std::find_if(std::begin(forms), std::end(forms),
                                     [&](const TypeForm& form) { return form.type == type; });
    if (found == std::end(forms))
        return entries;
    switch (found->form) {
    case Form::Patterns:
    case Form::Lines: read_source(std::string(name), found->form, entries); break;
    case Form::Inline: read_inline(spec, name, entries); break;
    case Form::Static: entries.push_back({spec, {}, std::string(table::unbrace(name))}); break;
    }
    return entries;
}

} // namespace

std::vector<std::string> map_faults(const std::string& spec)
{
    std::vector<std::string> faults;
    for (const Entry& entry : entries_of(spec)) {
        const auto failure = mail::parse_failure(entry.value);
        if (!failure || failure->kind == mail::FailureClass::None)
            faults.push_back(base::cat(entry.where, ": \"", base::printable(entry.value, true),
                                       "\" is no class of failure, see failure_classes(5)"));
        else if (!entry.key.empty() && !can_be_asked(entry.key))
            faults.push_back(base::cat(entry.where, ": nobody asks for \"",
                                       base::printable(entry.key, true),
                                       "\": keys are 550-5.1.1, 5.1.1, 550 or a whole reply"));
    }
    return faults;
}

} // namespace failure
