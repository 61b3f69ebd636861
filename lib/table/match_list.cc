// SPDX-License-Identifier: Apache-2.0
// Match lists; see match_list.h.
#include "lib/table/match_list.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/param.h"
#include "lib/table/address_keys.h"
#include "lib/table/source.h"

namespace table {

MatchList::MatchList(Tables& tables, Rules rules, const std::vector<std::string>& elements)
    : rules_(std::move(rules))
{
    for (const auto& element : elements)
        add(tables, element, false, 0);
}

void MatchList::add_fault(std::string text)
{
    if (!rules_.quiet)
        base::Log().warning(rules_.title, ": ", text);
    Pattern fault;
    fault.type = Pattern::Type::Fault;
    fault.text = std::move(text);
    patterns_.push_back(std::move(fault));
}

std::vector<std::string> MatchList::faults() const
{
    std::vector<std::string> texts;
    for (const auto& pattern : patterns_)
        if (pattern.type == Pattern::Type::Fault)
            texts.push_back(pattern.text);
    return texts;
}

void MatchList::add_file(Tables& tables, const std::string& path, bool negated, int depth)
{
    auto text = base::read_file(path, kMatchFileBytes);
    if (!text)
        return add_fault(text.error().text);
    for (const auto& line : source_lines(*text)) {
        std::vector<std::string> elements;
        std::string why;
        if (!config::List::parse(line.text, elements, why))
            return add_fault(base::cat(path, ", line ", line.line, ": ", why));
        for (const auto& element : elements)
            add(tables, element, negated, depth + 1);
    }
}

// Whether an element of a list of hosts means addresses.
static bool is_network(std::string_view text)
{
    return text.front() == '[' || text.find('/') != std::string_view::npos ||
           net::Address::parse(text).has_value();
}

void MatchList::add(Tables& tables, std::string_view element, bool negated, int depth)
{
    while (!element.empty() && element.front() == '!') {
        negated = !negated;
        element.remove_prefix(1);
    }
    if (element.empty())
        return add_fault("no pattern after '!'");
    if (depth > kMatchFileDepth || patterns_.size() >= kMatchPatterns)
        return add_fault("too many patterns, or files within files");
    if (element.front() == '/')
        return add_file(tables, std::string(element), negated, depth);
    Pattern pattern;
    pattern.negated = negated;
    if (is_table_name(element)) {
        pattern.type = Pattern::Type::Table;
        pattern.table = &tables.open(element);
    } else if (rules_.kind == ListKind::Hosts && is_network(element)) {
        auto network = net::Network::parse(element);
        if (!network)
            return add_fault(network.error().text);
        pattern.type = Pattern::Type::Network;
        pattern.network = *network;
    }
    pattern.text = fold_case(element);
    patterns_.push_back(std::move(pattern));
}

bool MatchList::matches_text(const Pattern& pattern, std::string_view text) const
{
    if (text == pattern.text)
        return true;
    if (rules_.kind == ListKind::Texts || text.size() <= pattern.text.size() ||
        !text.ends_with(pattern.text))
        return false;
    if (rules_.parents)
        return text[text.size() - pattern.text.size() - 1] == '.';
    return pattern.text.front() == '.';
}

base::Task<base::Result<bool>> MatchList::matches_table(const Pattern& pattern, std::string name,
                                                        std::string address) const
{
    bool parts = rules_.kind != ListKind::Texts && pattern.table->keys() == Keys::Exact;
    std::vector<std::string> wanted;
    for (auto& key : domain_keys(name, rules_.parents))
        if (wanted.empty() || parts)
            wanted.push_back(std::move(key.text));
    if (!address.empty())
        wanted.push_back(std::move(address));
    for (const auto& key : wanted) {
        auto found = co_await pattern.table->lookup(key);
        if (!found)
            co_return base::temporary(base::cat(rules_.title, ": ", found.error().text));
        if (*found)
            co_return true;
    }
    co_return false;
}

base::Task<base::Result<bool>> MatchList::match(std::string text) const
{
    co_return co_await match(std::move(text), "");
}

base::Task<base::Result<bool>> MatchList::match(std::string host, std::string address) const
{
    host = fold_case(host);
    auto numeric = net::Address::parse(address);
    for (const auto& pattern : patterns_) {
        bool matched = false;
        switch (pattern.type) {
        case Pattern::Type::Text:
            matched = matches_text(pattern, host) || (!address.empty() && address == pattern.text);
            break;
        case Pattern::Type::Network: matched = numeric && pattern.network.contains(*numeric); break;
        case Pattern::Type::Fault:
            co_return base::temporary(base::cat(rules_.title, ": ", pattern.text));
        case Pattern::Type::Table: {
            auto found = co_await matches_table(pattern, host, address);
            if (!found)
                co_return found;
            matched = *found;
            break;
        }
        }
        if (matched)
            co_return !pattern.negated;
    }
    co_return false;
}

} // namespace table
