// SPDX-License-Identifier: Apache-2.0
// Following a recipient; see planner.h. This file: aliases and their owners.
#include "lib/base/log.h"
#include "local/planner.h"

namespace local {

using base::Task;

namespace {

// RFC 3461 section 5.2.7.1 (c): the success is told for the alias, not for each that it stands for.
std::uint8_t without_success(std::uint8_t wanted)
{
    if (wanted == mail::notify::success)
        return mail::notify::never;
    return wanted & static_cast<std::uint8_t>(~mail::notify::success);
}

} // namespace

// Whether `name` is an alias; then all of it has been followed.
Task<bool> Planner::alias(const Context& from, std::string name)
{
    // An alias in its own expansion means the user of that name.
    if (base::iequals(from.expanded_from, name))
        co_return false;
    auto found = co_await host_.alias(name);
    if (!found) {
        base::Log{}.warning(found.error().text);
        settle(from, "4.3.0", "alias database unavailable");
        co_return true;
    }
    if (!*found)
        co_return false;
    if (from.depth >= nesting_limit) {
        base::Log{}.warning("alias database loop for ", name);
        settle(from, "5.4.6", base::cat("alias database loop for ", name));
        co_return true;
    }
    Context c = from;
    c.expanded_from = name;
    c.origin = Origin::Alias;
    const bool usable = co_await own_alias(c, **found, name);
    if (!usable)
        co_return true;
    if (from.origin == Origin::Message) {
        plan_.expanded = true;
        plan_.alias = (*found)->value;
    }
    if (!settings_.frozen_delivered_to)
        c.delivered_to = c.recipient.address;
    c.recipient.dsn_notify = without_success(c.recipient.dsn_notify);
    auto all = parse_targets((*found)->value);
    if (all.empty()) {
        base::Log{}.warning("no recipient in alias lookup result for ", name);
        settle(c, "4.3.0", "alias database unavailable");
        co_return true;
    }
    co_await targets(c, std::move(all));
    co_return true;
}

// The rights of who owns the table, and the owner of the list, if it has one. False: it cannot be
// told, and the failure is in the plan.
Task<bool> Planner::own_alias(Context& c, const Alias& found, const std::string& name)
{
    c.user.reset();
    if (!found.owner) {
        base::Log{}.warning("no owner UID for alias database ", found.table);
        settle(c, "4.3.0", "mail system configuration error");
        co_return false;
    }
    if (*found.owner != 0) {
        auto owner = host_.user(*found.owner);
        if (!owner || *owner == nullptr) {
            base::Log{}.warning("cannot find alias database owner for ", found.table,
                                owner ? "" : ": ", owner ? "" : owner.error().text);
            settle(c, "4.3.0", "cannot find alias database owner");
            co_return false;
        }
        c.user = std::move(*owner);
    }
    const bool top = c.depth == 1;
    auto changed = co_await change_owner(c, name);
    if (!changed) {
        base::Log{}.warning(changed.error().text);
        settle(c, "4.3.0", "alias database unavailable");
        co_return false;
    }
    plan_.list = plan_.list || (*changed && top);
    if (!*changed && settings_.reset_owner)
        c.owner.reset();
    co_return true;
}

// With an alias owner-NAME, that is the sender from here on. What the first sender asked for
// (RFC 3461 section 5.2.7.3) does not go further. Whether there is one.
Task<base::Result<bool>> Planner::change_owner(Context& c, const std::string& name)
{
    if (!settings_.owner_special)
        co_return false;
    const std::string owner = "owner-" + name;
    auto found = co_await host_.alias(owner);
    if (!found)
        co_return found.error();
    if (!*found)
        co_return false;
    std::string sender = owner;
    if (settings_.expand_owner) {
        const auto all = parse_targets((*found)->value);
        if (!all.empty() && all.front().kind == Target::Kind::Address)
            sender = all.front().text;
    }
    c.sender = host_.canonical(sender);
    c.owner = c.sender;
    c.envid.clear();
    c.dsn_return = mail::DsnReturn::Unspecified;
    c.recipient.dsn_orcpt.clear();
    c.recipient.original.clear();
    co_return true;
}

} // namespace local
