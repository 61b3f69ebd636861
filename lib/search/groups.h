// SPDX-License-Identifier: Apache-2.0
// Groups: how many messages wait, by destination, sender, recipient domain, reason or class.
#pragma once

#include <map>
#include <string>

#include "lib/search/filter.h"

namespace search {

enum class GroupBy : std::uint8_t { Destination, Sender, Domain, Reason, Class };
inline constexpr std::size_t group_kinds = 5;

// "destination", "sender", "recipient-domain", "reason", "class".
std::string_view group_name(GroupBy by);
std::optional<GroupBy> group_of_name(std::string_view name);

struct Group {
    std::uint64_t messages = 0; // A message counts once in each group where it has a recipient.
    std::uint64_t recipients = 0;
    std::uint64_t bytes = 0;
    base::WallTime oldest = base::WallTime::max();

    void add(const Group& other);
    bool operator==(const Group&) const = default;
};

class Groups {
public:
    // More different values than this are counted together, as other_name.
    static constexpr std::size_t limit = 1'000'000;
    static constexpr std::string_view other_name = "(other)";

    // Counts the recipients of `entry` that `filter` means.
    void add(const queue::IndexEntry& entry, const Filter& filter, GroupBy by);
    void add(const std::string& name, const Group& group);

    const std::map<std::string, Group>& all() const { return groups_; }
    std::size_t size() const { return groups_.size(); }

private:
    std::map<std::string, Group> groups_;
};

} // namespace search
