// SPDX-License-Identifier: Apache-2.0
// Following a recipient; see planner.h. This file: addresses, and what is put into the plan.
#include "local/planner.h"

#include "lib/base/log.h"
#include "lib/table/address_keys.h"
#include "lib/table/table.h"

namespace local {

using base::Task;
using Kind = Part::Kind;

namespace {

constexpr std::size_t steps_between_pauses = 500;

mail::Status status_of(std::string_view dsn)
{
    switch (dsn.front()) {
    case '2': return mail::Status::Sent;
    case '5': return mail::Status::Bounced;
    }
    return mail::Status::Deferred;
}

} // namespace

Task<Plan> Planner::plan(Context start)
{
    co_await recipient(start);
    if (over_) {
        plan_ = Plan{};
        base::Log{}.warning("recipient expansion limit exceeded for ", start.recipient.address);
        settle(start, "5.4.6", "recipient expansion limit exceeded");
    }
    if (plan_.parts.empty() && plan_.forwards.empty()) // An :include: file without addresses.
        settle(start, "2.0.0", "nobody is on this list");
    co_return std::move(plan_);
}

bool Planner::is_over()
{
    over_ = over_ || ++steps_ > expansion_limit;
    return over_;
}

void Planner::add(const Context& c, Kind kind, std::string text)
{
    Part part;
    part.kind = kind;
    part.recipient = c.recipient;
    part.sender = c.sender;
    part.envid = c.envid;
    part.dsn_return = c.dsn_return;
    part.delivered_to = c.delivered_to;
    part.user = c.user;
    part.names = c.names;
    part.names.recipient = c.recipient.address;
    if (c.user != nullptr) {
        part.names.home = c.user->home;
        part.names.shell = c.user->shell;
    }
    part.text = std::move(text);
    plan_.parts.push_back(std::move(part));
}

void Planner::settle(const Context& c, std::string dsn, std::string text)
{
    add(c, Kind::Settled, {});
    mail::Outcome& outcome = plan_.parts.back().outcome;
    outcome.status = status_of(dsn);
    outcome.dsn = std::move(dsn);
    outcome.text = std::move(text);
    outcome.relay = settings_.service;
}

void Planner::misconfigured(const Context& c, std::string warning)
{
    base::Log{}.warning(warning);
    settle(c, "5.3.5", "mail system configuration error");
}

// The parts of the address. False: it has no user.
bool Planner::split(Context& c)
{
    const auto& address = c.recipient.address;
    const auto parts = table::split_address(address);
    c.names = Names{};
    c.names.local = table::fold_case(parts.local);
    if (parts.has_domain)
        c.names.domain = table::fold_case(parts.domain);
    const table::AddressRules rules{settings_.delimiters, settings_.double_bounce_sender};
    const std::size_t length = table::user_length(c.names.local, rules);
    c.names.user = c.names.local.substr(0, length);
    c.names.delimiter = settings_.delimiters.substr(0, 1);
    if (length < c.names.local.size()) {
        c.names.extension = c.names.local.substr(length + 1);
        if (c.names.extension->find('/') != std::string::npos) {
            base::Log{}.warning(c.queue_id, ": address with illegal extension: ", c.names.local);
            c.names.extension.reset();
            c.names.local = c.names.user;
        } else {
            c.names.delimiter = c.names.local.substr(length, 1);
        }
    }
    c.unmatched = c.names.extension;
    return !c.names.user.empty();
}

Task<void> Planner::recipient(Context c)
{
    if (is_over())
        co_return;
    if (steps_ >= next_pause_) {
        next_pause_ = steps_ + steps_between_pauses;
        co_await host_.pause();
    }
    const std::string& address = c.recipient.address;
    if (++c.depth > nesting_limit) {
        base::Log{}.warning("recipient nesting limit exceeded for ", address);
        co_return settle(c, "5.4.6", "recipient nesting limit exceeded");
    }
    if (seen_.before(base::cat("recipient ", c.depth, " ", address)))
        co_return;
    if (looped_(address))
        co_return co_await loop_failure(std::move(c));
    if (c.delivered_to.empty())
        c.delivered_to = address;
    if (!split(c))
        co_return settle(c, "5.1.3", base::cat("null username in \"", address, "\""));
    co_await local_user(std::move(c));
}

// An alias by the whole name, an alias by the name without extension, else a user.
Task<void> Planner::local_user(Context c)
{
    const auto extension = c.names.extension;
    c.unmatched.reset();
    bool found = co_await alias(c, c.names.local);
    if (found)
        co_return;
    if (extension) {
        if (settings_.propagate_alias)
            c.unmatched = extension;
        found = co_await alias(c, c.names.user);
        if (found)
            co_return;
        c.unmatched = extension;
    }
    // Each recipient of a list, or of another user's .forward file, gets a record of its own.
    const bool others = c.owner && !base::iequals(*c.owner, c.names.user);
    if (others || c.origin == Origin::Include)
        co_return forward(c);
    if (settings_.needs_home) {
        auto user = user_of(c);
        if (!user)
            co_return settle(c, "4.3.0", "user lookup error");
        std::string trouble;
        if (*user != nullptr)
            trouble = co_await host_.home_trouble(*user);
        if (!trouble.empty())
            co_return settle(c, "4.3.0", std::move(trouble));
    }
    found = co_await forward_file(c);
    if (!found)
        co_await mailbox(std::move(c));
}

base::Result<UserRef> Planner::user_of(const Context& c)
{
    auto user = host_.user(c.names.user);
    if (!user)
        base::Log{}.warning("error looking up passwd info for ", c.names.user, ": ",
                            user.error().text);
    return user;
}

Task<void> Planner::targets(const Context& c, std::vector<Target> all)
{
    for (auto& one : all) {
        if (is_over())
            co_return;
        co_await target(c, std::move(one));
    }
}

Task<void> Planner::target(const Context& c, Target one)
{
    switch (one.kind) {
    case Target::Kind::Address: co_return co_await address(c, std::move(one.text));
    case Target::Kind::Include: co_return co_await include(c, std::move(one.text));
    case Target::Kind::File: co_return file(c, std::move(one.text));
    case Target::Kind::Command: break;
    }
    if (settings_.commands_in.count(c.origin) == 0)
        settle(c, "5.7.1", "mail to command is restricted");
    else if (base::trim(one.text).empty())
        misconfigured(c, base::cat("empty command in the expansion of ", c.expanded_from));
    else
        command(c, one.text);
}

// "~/path" is below the home of whose rights are used.
void Planner::file(const Context& c, std::string path)
{
    if (settings_.files_in.count(c.origin) == 0)
        return settle(c, "5.7.1", "mail to file is restricted");
    if (path.starts_with('~')) {
        if (!path.starts_with("~/"))
            return misconfigured(c, base::cat("bad home directory syntax for: ", path));
        if (c.user == nullptr)
            return misconfigured(c, base::cat("unknown home directory for: ", path));
        path.replace(0, 1, c.user->home == "/" ? "" : c.user->home);
    }
    const uid_t uid = c.user == nullptr ? 0 : c.user->uid;
    if (!placed_.before(base::cat("file ", uid, " ", path)))
        add(c, Kind::File, std::move(path));
}

void Planner::command(const Context& c, const std::string& text)
{
    const uid_t uid = c.user == nullptr ? 0 : c.user->uid;
    if (!placed_.before(base::cat("command ", c.names.user, ":", uid, " ", text)))
        add(c, Kind::Command, text);
}

// Resolves an address that was found somewhere.
Task<void> Planner::address(Context c, std::string text)
{
    auto route = co_await host_.resolve(std::move(text));
    if (!route) {
        base::Log{}.warning(route.error().text);
        co_return settle(c, "4.3.0", "address resolver failure");
    }
    std::string& found = route->recipient;
    if (route->bad_syntax)
        co_return settle(c, "5.1.3", base::cat("bad recipient address syntax: ", found));
    if (c.unmatched && !settings_.delimiters.empty()) {
        const auto at = std::min(found.rfind('@'), found.size());
        found.insert(at, settings_.delimiters.substr(0, 1) + *c.unmatched);
    }
    c.recipient.address = std::move(found);
    if (route->transport == settings_.service)
        co_await recipient(std::move(c));
    else
        forward(c);
}

void Planner::forward(const Context& c)
{
    if (placed_.before(base::cat("forward ", c.recipient.address)))
        return;
    const std::string key = base::cat(c.sender, "\n", c.delivered_to);
    auto [at, fresh] = forwards_.emplace(key, plan_.forwards.size());
    if (fresh)
        plan_.forwards.push_back({c.sender, c.delivered_to, c.envid, c.dsn_return, {}});
    auto& recipient = plan_.forwards[at->second].recipients.emplace_back(c.recipient);
    if (recipient.original.empty()) // A list's owner came between: what it was before is not told.
        recipient.original = recipient.address;
}

// Failures of a list go to its owner.
Task<void> Planner::loop_failure(Context c)
{
    const std::string text = base::cat("mail forwarding loop for ", c.recipient.address);
    if (split(c)) {
        auto changed = co_await change_owner(c, c.names.local);
        if (changed && !*changed && c.names.extension)
            changed = co_await change_owner(c, c.names.user);
        if (!changed)
            co_return settle(c, "4.3.0", "alias database unavailable");
    }
    settle(c, "5.4.6", text);
}

} // namespace local
