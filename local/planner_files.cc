// SPDX-License-Identifier: Apache-2.0
// Following a recipient; see planner.h. This file: .forward and :include: files.
#include "lib/base/log.h"
#include "local/planner.h"

namespace local {

using base::Task;
using State = TargetFile::State;

// The paths that all names of forward_path have values for.
base::Result<std::vector<Expanded>> Planner::forward_paths(const Context& c) const
{
    Names names = c.names;
    names.recipient = c.recipient.address;
    names.home = c.user->home;
    names.shell = c.user->shell;
    std::vector<Expanded> paths;
    for (const auto& pattern : settings_.forward_path) {
        auto path = expand(pattern, names, settings_.forward_filter);
        if (!path)
            return path.error().in("forward_path");
        if (!path->undefined)
            paths.push_back(std::move(*path));
    }
    return paths;
}

// Whether the user has a .forward file with destinations that were not followed before. What a user
// forwards is done with the user's rights, and mailboxes of others get a message of their own.
Task<bool> Planner::forward_file(Context c)
{
    if (settings_.forward_path.empty())
        co_return false;
    auto user = user_of(c);
    if (!user) {
        settle(c, "4.0.0", "user lookup error");
        co_return true;
    }
    if (*user == nullptr)
        co_return false;
    const bool from_message = c.origin == Origin::Message;
    c.user = *user;
    if (!settings_.frozen_delivered_to)
        c.delivered_to = c.recipient.address;
    c.origin = Origin::Forward;
    c.owner = c.names.user;
    auto paths = forward_paths(c);
    if (!paths) {
        base::Log{}.warning(paths.error().text);
        settle(c, "4.3.5", "mail system configuration error");
        co_return true;
    }
    std::vector<std::string> names;
    for (const auto& path : *paths)
        names.push_back(path.text);
    auto file = co_await host_.forward_file(c.user, names);
    if (file.state == State::Missing)
        co_return false;
    const std::string& path = names[file.which];
    if (seen_.before("forward " + path))
        co_return seen_.has("forward-done " + path);
    if (file.state != State::Usable) {
        base::Log{}.warning(file.why);
        if (file.state == State::Failed)
            settle(c, "4.3.0", std::move(file.why));
        co_return file.state == State::Failed;
    }
    auto all = parse_target_lines(file.text);
    if (all.empty())
        co_return false;
    if ((*paths)[file.which].uses_extension || !settings_.propagate_forward)
        c.unmatched.reset();
    c.expanded_from = c.names.local;
    if (c.recipient.dsn_notify == mail::notify::success)
        c.recipient.dsn_notify = mail::notify::never;
    else
        c.recipient.dsn_notify &= static_cast<std::uint8_t>(~mail::notify::success);
    if (from_message) {
        plan_.expanded = true;
        plan_.forward = path;
    }
    co_await targets(c, std::move(all));
    seen_.before("forward-done " + path);
    co_return true;
}

// Where nobody's rights are in force yet, those of the file's owner are from here on: else who may
// write the file would command default_privs. Elsewhere the file's owner does not matter: nobody
// gets another's rights by including that one's file. False: the failure is in the plan.
Task<bool> Planner::take_include_rights(Context& c, const std::string& path)
{
    auto owner = co_await host_.include_owner(c.user, path);
    if (owner.state == State::Failed) {
        base::Log{}.warning(owner.why);
        settle(c, "4.3.5", "mail system configuration error");
        co_return false;
    }
    if (owner.state != State::Usable) {
        misconfigured(c, std::move(owner.why));
        co_return false;
    }
    const bool has_rights = c.user != nullptr && c.user->uid != 0;
    if (has_rights || owner.uid == 0)
        co_return true;
    auto user = host_.user(owner.uid);
    if (!user || *user == nullptr) {
        base::Log{}.warning(path, ": cannot find :include: file owner username");
        settle(c, "4.3.5", "mail system configuration error");
        co_return false;
    }
    c.user = std::move(*user);
    co_return true;
}

Task<void> Planner::include(Context c, std::string path)
{
    if (++c.depth > nesting_limit) {
        base::Log{}.warning(":include: nesting limit exceeded for ", path);
        co_return settle(c, "5.4.6", ":include: nesting limit exceeded");
    }
    const uid_t uid = c.user == nullptr ? 0 : c.user->uid;
    if (seen_.before(base::cat("include ", uid, " ", path)))
        co_return;
    c.expanded_from = c.names.local;
    if (!path.starts_with('/'))
        co_return misconfigured(c, base::cat(":include:", path, " uses a relative path"));
    c.origin = Origin::Include;
    const bool usable = co_await take_include_rights(c, path);
    if (!usable)
        co_return;
    if (!c.owner)
        c.owner = c.recipient.address;
    UserRef reader = c.user != nullptr && c.user->uid != 0 ? c.user : nullptr;
    auto file = co_await host_.include_file(std::move(reader), path);
    if (file.state == State::Failed) {
        base::Log{}.warning(file.why);
        co_return settle(c, "4.3.5", "mail system configuration error");
    }
    if (file.state != State::Usable)
        co_return misconfigured(c, std::move(file.why));
    if (!settings_.propagate_include)
        c.unmatched.reset();
    co_await targets(c, parse_target_lines(file.text));
}

} // namespace local
