// SPDX-License-Identifier: Apache-2.0
// Filters; see filter.h.
#include "lib/search/filter.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/config/param.h"
#include "lib/mail/address.h"

namespace search {

using queue::IndexedRecipient;
using queue::IndexEntry;
using queue::IndexField;

namespace {

constexpr std::string_view names[term_kinds] = {
    "sender", "recipient", "destination", "reason", "class", "older", "newer", "larger", "queue",
};

constexpr std::string_view no_class = "none";

// `text` in lower case against a pattern of * and ?; linear for each star.
bool glob(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0;
    std::size_t star = std::string_view::npos, from = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

base::Error bad(const Term& term, std::string_view wanted)
{
    return base::permanent(base::cat(term_name(term.kind), ": ", wanted, ", not \"",
                                     base::printable(term.value.substr(0, 100)), "\""));
}

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    constexpr std::string_view units = "kmg";
    std::uint64_t factor = 1;
    if (text.empty())
        return std::nullopt;
    if (const auto unit = units.find(base::lower(text.back())); unit != std::string_view::npos) {
        factor <<= 10 * (unit + 1);
        text.remove_suffix(1);
    }
    const auto number = base::parse_int<std::uint64_t>(text);
    if (!number || *number > UINT64_MAX / factor)
        return std::nullopt;
    return *number * factor;
}

// Internal form: what a person writes as <"a b"@c> travels as a b@c.
std::string address_of(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '<' && text.back() == '>')
        text = text.substr(1, text.size() - 2);
    if (!text.starts_with('"'))
        return std::string(text);
    auto parsed = mail::parse_path(text, {.allow_utf8 = true});
    return parsed ? std::move(*parsed) : std::string(text);
}

bool any(const std::vector<Pattern>& patterns, std::string_view text)
{
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& pattern) { return pattern.matches(text); });
}

} // namespace

std::string_view term_name(TermKind kind)
{
    return names[static_cast<std::size_t>(kind)];
}

std::optional<TermKind> term_of_name(std::string_view name)
{
    const auto* found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names))
        return std::nullopt;
    return static_cast<TermKind>(found - std::begin(names));
}

Pattern::Pattern(std::string_view text, Plain plain) : text_(base::lower(text))
{
    if (text.find_first_of("*?") != std::string_view::npos) {
        kind_ = Kind::Glob;
    } else if (plain == Plain::Part) {
        kind_ = Kind::Glob;
        text_ = base::cat('*', text_, '*');
    } else if (text.size() > 1 && text.front() == '@') {
        kind_ = Kind::Domain;
    }
}

bool Pattern::matches(std::string_view text) const
{
    switch (kind_) {
    case Kind::Exact: return base::iequals(text, text_);
    case Kind::Glob: return glob(text_, base::lower(text));
    case Kind::Domain: break;
    }
    const auto at = text.rfind('@');
    return at != std::string_view::npos && base::iequals(text.substr(at), text_);
}

std::optional<std::string> Pattern::exact() const
{
    return kind_ == Kind::Exact ? std::optional(text_) : std::nullopt;
}

std::optional<std::string> Pattern::domain() const
{
    return kind_ == Kind::Domain ? std::optional(text_.substr(1)) : std::nullopt;
}

base::Result<Filter> Filter::make(std::span<const Term> terms, base::WallTime now)
{
    Filter filter;
    if (terms.size() > term_limit)
        return base::permanent("too many terms of a filter");
    for (const Term& term : terms)
        if (auto added = filter.add(term, now); !added)
            return added.error();
    filter.empty_ = terms.empty();
    return filter;
}

base::Result<void> Filter::add(const Term& term, base::WallTime now)
{
    if (term.value.empty() || term.value.size() > term_value_limit)
        return bad(term, "expects a value");
    const std::string address = address_of(term.value);
    switch (term.kind) {
    case TermKind::Sender: senders_.emplace_back(address, Pattern::Plain::Whole); break;
    case TermKind::Recipient: recipients_.emplace_back(address, Pattern::Plain::Whole); break;
    case TermKind::Destination: {
        const std::string_view name = term.value;
        destinations_.emplace_back(name.substr(name.starts_with('@') ? 1 : 0),
                                   Pattern::Plain::Whole);
        break;
    }
    case TermKind::Reason: reasons_.emplace_back(term.value, Pattern::Plain::Part); break;
    case TermKind::Class: return add_class(term);
    case TermKind::Older:
    case TermKind::Newer: return add_age(term, now);
    case TermKind::Larger: {
        const auto size = parse_size(term.value);
        if (!size)
            return bad(term, "expects a size such as 1000, 10k or 5M");
        larger_ = std::min(larger_.value_or(*size), *size);
        break;
    }
    case TermKind::Queue: {
        const auto queue = queue::queue_of_name(term.value);
        if (!queue || *queue == queue::Queue::Corrupt)
            return bad(term, "expects maildrop, incoming, active, deferred or hold");
        queues_.push_back(*queue);
        break;
    }
    }
    return {};
}

base::Result<void> Filter::add_class(const Term& term)
{
    const Pattern pattern(term.value, Pattern::Plain::Whole);
    const auto name = pattern.exact();
    if (name && *name != no_class && !mail::failure_class_of(*name))
        return bad(term, "expects a class of failure, see failure_classes(5)");
    classes_.push_back(pattern);
    return {};
}

base::Result<void> Filter::add_age(const Term& term, base::WallTime now)
{
    base::Duration age{};
    std::string why;
    if (!config::Seconds::parse(term.value, age, why))
        return bad(term, "expects a time such as 90s, 5m, 2h or 3d");
    const base::WallTime then = now - age;
    if (term.kind == TermKind::Older)
        arrived_before_ = std::max(arrived_before_.value_or(then), then);
    else
        arrived_after_ = std::min(arrived_after_.value_or(then), then);
    return {};
}

bool Filter::asks_recipients() const
{
    return !recipients_.empty() || !destinations_.empty() || !reasons_.empty() || !classes_.empty();
}

bool Filter::matches(const IndexedRecipient& recipient) const
{
    if (!recipients_.empty() && !any(recipients_, recipient.address))
        return false;
    if (!destinations_.empty() && !any(destinations_, recipient.destination) &&
        !any(destinations_, queue::domain_of(recipient.address)))
        return false;
    return (reasons_.empty() || any(reasons_, recipient.reason)) &&
           (classes_.empty() || any(classes_, mail::failure_class_name(recipient.failure.kind)));
}

bool Filter::matches(const IndexEntry& entry) const
{
    if (excludes(entry.queue) || (larger_ && entry.size <= *larger_))
        return false;
    if ((arrived_before_ && entry.arrival >= *arrived_before_) ||
        (arrived_after_ && entry.arrival <= *arrived_after_))
        return false;
    if (!senders_.empty() && !any(senders_, entry.sender))
        return false;
    return !asks_recipients() ||
           std::any_of(entry.recipients.begin(), entry.recipients.end(),
                       [this](const IndexedRecipient& recipient) { return matches(recipient); });
}

bool Filter::excludes(queue::Queue queue) const
{
    return !queues_.empty() && std::find(queues_.begin(), queues_.end(), queue) == queues_.end();
}

namespace {

// The keys of all patterns; none unless each of them has some.
std::vector<Filter::Key> keys_of(const std::vector<Pattern>& patterns, IndexField field,
                                 std::optional<IndexField> of_domain)
{
    std::vector<Filter::Key> keys;
    for (const Pattern& pattern : patterns) {
        if (auto exact = pattern.exact())
            keys.push_back({field, std::move(*exact)});
        else if (auto domain = pattern.domain(); domain && of_domain)
            keys.push_back({*of_domain, std::move(*domain)});
        else
            return {};
    }
    return keys;
}

} // namespace

std::vector<Filter::Key> Filter::keys() const
{
    auto keys = keys_of(recipients_, IndexField::Recipient, IndexField::Domain);
    if (keys.empty())
        keys = keys_of(senders_, IndexField::Sender, std::nullopt);
    if (!keys.empty())
        return keys;
    keys = keys_of(destinations_, IndexField::Destination, std::nullopt);
    for (std::size_t i = 0, count = keys.size(); i < count; ++i)
        keys.push_back({IndexField::Domain, keys[i].value});
    if (!keys.empty())
        return keys;
    keys = keys_of(classes_, IndexField::Class, std::nullopt);
    const bool none =
        std::any_of(keys.begin(), keys.end(), [](const Key& key) { return key.value == no_class; });
    return none ? std::vector<Key>{} : keys; // What has no class has no key either.
}

static bool has_value(const IndexedRecipient& recipient, const Filter::Key& key)
{
    switch (key.field) {
    case IndexField::Sender: return false;
    case IndexField::Recipient: return base::iequals(recipient.address, key.value);
    case IndexField::Domain: return queue::domain_of(recipient.address) == key.value;
    case IndexField::Destination: return base::iequals(recipient.destination, key.value);
    case IndexField::Reason: return base::iequals(recipient.reason, key.value);
    case IndexField::Class: return mail::failure_class_name(recipient.failure.kind) == key.value;
    }
    return false;
}

bool has_key(const IndexEntry& entry, const Filter::Key& key)
{
    if (key.field == IndexField::Sender)
        return base::iequals(entry.sender, key.value);
    const auto has = [&](const IndexedRecipient& recipient) { return has_value(recipient, key); };
    return std::any_of(entry.recipients.begin(), entry.recipients.end(), has);
}

} // namespace search
