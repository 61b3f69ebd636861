// SPDX-License-Identifier: Apache-2.0
// Following a recipient; see planner.h. This file: the ends of the way, mailboxes and unknown
// users.
#include "lib/base/log.h"
#include "local/planner.h"

namespace local {

using base::Task;
using Kind = Part::Kind;

// Whether another delivery agent takes it, by the table or for all.
Task<bool> Planner::handed_over(const Context& c, Host::UserTable table,
                                const std::string& otherwise)
{
    auto listed = co_await host_.setting(table, c.names.user);
    if (!listed) {
        base::Log{}.warning(listed.error().text);
        settle(c, "4.3.0", "table lookup failure");
        co_return true;
    }
    const std::string& agent = *listed ? **listed : otherwise;
    if (agent.empty())
        co_return false;
    if (!placed_.before(base::cat("mailbox ", c.names.local)))
        add(c, Kind::Handover, agent);
    co_return true;
}

Task<void> Planner::mailbox(Context c)
{
    if (!settings_.frozen_delivered_to)
        c.delivered_to = c.recipient.address;
    const bool handed =
        co_await handed_over(c, Host::UserTable::MailboxTransport, settings_.mailbox_transport);
    if (handed)
        co_return;
    auto user = user_of(c);
    if (!user)
        co_return settle(c, "4.0.0", "user lookup error");
    if (*user == nullptr)
        co_return co_await unknown(std::move(c));
    c.user = std::move(*user);
    if (plan_.parts.size() >= direct_limit)
        co_return forward(c);
    auto listed = co_await host_.setting(Host::UserTable::MailboxCommand, c.names.user);
    if (!listed) {
        base::Log{}.warning(listed.error().text);
        co_return settle(c, "4.3.0", "table lookup failure");
    }
    const std::string& text = *listed ? **listed : settings_.mailbox_command;
    if (!text.empty())
        command(c, text);
    else if (!placed_.before(base::cat("mailbox ", c.names.local)))
        add(c, Kind::Mailbox, {});
}

// Neither alias nor user. Who gets mail for those must be somebody.
Task<void> Planner::unknown(Context c)
{
    const bool handed =
        co_await handed_over(c, Host::UserTable::FallbackTransport, settings_.fallback_transport);
    if (handed)
        co_return;
    if (!settings_.luser_relay.empty() && !c.relayed) {
        c.relayed = true;
        c.unmatched.reset();
        Names names = c.names;
        names.recipient = c.recipient.address;
        auto relay = expand(settings_.luser_relay, names, "");
        if (relay)
            co_return co_await address(std::move(c), std::move(relay->text));
        base::Log{}.warning("luser_relay: ", relay.error().text);
        co_return settle(c, "4.3.5", "mail system configuration error");
    }
    const std::string& user = c.names.user;
    if (placed_.before(base::cat("unknown ", c.names.local)))
        co_return;
    if (base::iequals(user, "mailer-daemon") || base::iequals(user, "postmaster")) {
        base::Log{}.warning("required alias not found: ", user);
        co_return settle(c, "2.0.0", "discarded");
    }
    settle(c, "5.1.1", base::cat("unknown user: \"", user, "\""));
}

} // namespace local
