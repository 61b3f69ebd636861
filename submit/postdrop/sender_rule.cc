// SPDX-License-Identifier: Apache-2.0
// Who may use which sender; see sender_rule.h.
#include "submit/postdrop/sender_rule.h"

#include <pwd.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/event/loop.h"
#include "lib/table/address_keys.h"
#include "lib/table/maps.h"

namespace postdrop {

namespace {

constexpr std::string_view parameter = "local_login_sender_maps";

base::Task<void> ask(const table::Maps& maps, const std::string& login, table::Found& found)
{
    found = co_await maps.find(login);
}

std::string without_extension(std::string_view sender, const std::string& delimiters)
{
    table::AddressRules rules;
    rules.delimiters = delimiters;
    const auto at = std::min(sender.rfind('@'), sender.size());
    const std::string_view local = sender.substr(0, at);
    return base::cat(local.substr(0, table::user_length(local, rules)), sender.substr(at));
}

} // namespace

bool SenderRule::allows_all() const
{
    return tables == std::vector<std::string>{"static:*"};
}

bool SenderRule::fits(std::string_view patterns, std::string_view sender) const
{
    const std::string plain = without_extension(sender, delimiters);
    const std::string_view domain =
        std::string_view(sender).substr(std::min(sender.rfind('@'), sender.size()));
    for (const std::string_view pattern : base::split(patterns, ", \t\r\n")) {
        if (pattern == "*")
            return true;
        if (sender.empty() ? base::iequals(pattern, null_sender)
                           : base::iequals(pattern, pattern.front() == '@' ? domain : plain))
            return true;
    }
    return false;
}

base::Result<void> SenderRule::check(const std::string& login, const std::string& sender) const
{
    if (allows_all())
        return {};
    events::Loop loop;
    table::Tables opened{{.loop = &loop}};
    const table::Maps maps(opened, std::string(parameter), tables);
    table::Found found = base::temporary("not asked");
    base::Scope scope;
    scope.spawn(ask(maps, login, found));
    while (!scope.empty())
        loop.turn(std::chrono::seconds(1));
    if (!found)
        return base::temporary(base::cat(parameter, ": ", found.error().text));
    if (*found && fits(**found, sender))
        return {};
    return base::permanent(base::cat("not authorized to use sender='", sender, "'"));
}

std::string login_name()
{
    const uid_t caller = ::getuid();
    const passwd* entry = ::getpwuid(caller);
    return entry == nullptr ? base::cat("uid:", caller) : std::string(entry->pw_name);
}

} // namespace postdrop
