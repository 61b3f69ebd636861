// SPDX-License-Identifier: Apache-2.0
// Counting by groups; see groups.h.
#include "lib/search/groups.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace search {

using queue::IndexedRecipient;

namespace {

constexpr std::string_view names[group_kinds] = {
    "destination", "sender", "recipient-domain", "reason", "class",
};

std::string name_of(const queue::IndexEntry& entry, const IndexedRecipient& recipient, GroupBy by)
{
    switch (by) {
    case GroupBy::Destination: return base::lower(recipient.destination);
    case GroupBy::Sender: return base::lower(entry.sender);
    case GroupBy::Domain: return queue::domain_of(recipient.address);
    case GroupBy::Reason: return recipient.reason;
    case GroupBy::Class: return std::string(mail::failure_class_name(recipient.failure.kind));
    }
    return {};
}

} // namespace

std::string_view group_name(GroupBy by)
{
    return names[static_cast<std::size_t>(by)];
}

std::optional<GroupBy> group_of_name(std::string_view name)
{
    const auto* found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names))
        return std::nullopt;
    return static_cast<GroupBy>(found - std::begin(names));
}

void Group::add(const Group& other)
{
    messages += other.messages;
    recipients += other.recipients;
    bytes += other.bytes;
    oldest = std::min(oldest, other.oldest);
}

void Groups::add(const std::string& name, const Group& group)
{
    auto found = groups_.find(name);
    if (found == groups_.end() && groups_.size() >= limit)
        found = groups_.try_emplace(std::string(other_name)).first;
    else if (found == groups_.end())
        found = groups_.try_emplace(name).first;
    found->second.add(group);
}

void Groups::add(const queue::IndexEntry& entry, const Filter& filter, GroupBy by)
{
    std::map<std::string, Group> own;
    for (const auto& recipient : entry.recipients) {
        if (!filter.matches(recipient))
            continue;
        auto& group = own[name_of(entry, recipient, by)];
        group.messages = 1;
        group.bytes = entry.size;
        group.oldest = entry.arrival;
        ++group.recipients;
    }
    for (const auto& [name, group] : own)
        add(name, group);
}

} // namespace search
