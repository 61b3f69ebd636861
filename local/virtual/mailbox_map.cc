// SPDX-License-Identifier: Apache-2.0
// The look-ups of virtual(8); see mailbox_map.h.
#include "local/virtual/mailbox_map.h"

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"
#include "lib/delivery/table_watch.h"

namespace virtual_mail {

using base::Task;

namespace {

// Results of patterns with $1 would let an address choose the path or the user.
constexpr table::Options no_substitution{.substitute = false};

mail::Outcome configuration_error()
{
    return delivery::outcome_of("4.3.5", "mail system configuration error");
}

} // namespace

struct MailboxMap::Value {
    enum class State : unsigned char { Found, Missing, Fault };
    State state = State::Fault;
    std::string text;
    std::int64_t number = 0;
};

bool is_safe_name(std::string_view name)
{
    if (name.empty() || name.find('\0') != std::string_view::npos)
        return false;
    for (const auto part : base::split(name, "/"))
        if (part == "..")
            return false;
    return true;
}

MailboxMap::MailboxMap(table::Tables& tables, const Settings& settings)
    : base_(settings.base), rules_(settings.rules), minimum_uid_(settings.minimum_uid),
      mailboxes_(tables, "virtual_mailbox_maps", delivery::direct_tables(settings.mailboxes),
                 no_substitution),
      uids_(tables, "virtual_uid_maps", delivery::direct_tables(settings.uids), no_substitution),
      gids_(tables, "virtual_gid_maps", delivery::direct_tables(settings.gids), no_substitution)
{
}

Task<MailboxMap::Value> MailboxMap::ask(const table::Maps& maps, std::string address) const
{
    constexpr auto kinds = table::keys::full | table::keys::no_extension | table::keys::at_domain;
    auto keys = table::address_keys(address, kinds, rules_);
    auto hit = co_await table::find_first(maps, std::move(keys), false);
    Value value;
    if (!hit) {
        base::Log{}.warning("table ", maps.title(), ": lookup ", address, ": ", hit.error().text);
        co_return value;
    }
    value.state = *hit ? Value::State::Found : Value::State::Missing;
    if (*hit)
        value.text = std::move((*hit)->value);
    co_return value;
}

Task<MailboxMap::Value> MailboxMap::ask_number(const table::Maps& maps, std::string address,
                                               std::int64_t least) const
{
    Value value = co_await ask(maps, address);
    if (value.state == Value::State::Missing)
        base::Log{}.warning("recipient ", address, ": not found in ", maps.title());
    if (value.state != Value::State::Found)
        co_return value;
    // The greatest number stands for "no user" in system calls.
    const auto number = base::parse_int<std::uint32_t>(base::trim(value.text));
    if (!number || *number < least || *number == static_cast<std::uint32_t>(-1)) {
        base::Log{}.warning("recipient ", address, ": bad ", &maps == &uids_ ? "uid " : "gid ",
                            value.text, " in ", maps.title());
        value.state = Value::State::Fault;
        co_return value;
    }
    value.number = *number;
    co_return value;
}

Task<Found> MailboxMap::find(std::string address) const
{
    Found found;
    const Value name = co_await ask(mailboxes_, address);
    if (name.state == Value::State::Missing) {
        found.refusal = delivery::outcome_of(
            "5.1.1", base::cat("unknown user: \"", base::lower(address), "\""));
        co_return found;
    }
    found.refusal = configuration_error();
    if (name.state == Value::State::Found && !is_safe_name(name.text))
        base::Log{}.warning("recipient ", address, ": bad mailbox ", name.text, " in ",
                            mailboxes_.title());
    if (name.state != Value::State::Found || !is_safe_name(name.text))
        co_return found;
    const Value uid = co_await ask_number(uids_, address, minimum_uid_);
    if (uid.state != Value::State::Found)
        co_return found;
    const Value gid = co_await ask_number(gids_, address, 1);
    if (gid.state != Value::State::Found)
        co_return found;
    found.mailbox = Mailbox{base::cat(base_, "/", name.text), static_cast<uid_t>(uid.number),
                            static_cast<gid_t>(gid.number)};
    co_return found;
}

} // namespace virtual_mail
