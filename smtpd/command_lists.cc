// SPDX-License-Identifier: Apache-2.0
// Lists of commands; see command_lists.h.
#include "smtpd/command_lists.h"

#include "lib/base/log.h"

namespace smtpd {

using base::Task;

CommandLists::CommandLists(table::Tables& tables, const config::SmtpdParams& params)
    : filter_(tables, "smtpd_command_filter", params.command_filter()),
      noop_(tables, {"smtpd_noop_commands"}, params.noop_commands()),
      forbidden_(tables, {"smtpd_forbidden_commands"}, params.forbidden_commands())
{
}

static Task<bool> has(const table::MatchList& list, std::string word)
{
    auto found = co_await list.match(std::move(word));
    if (!found)
        base::Log{}.warning(list.title(), ": ", found.error().text);
    co_return found&&* found;
}

Task<table::Found> CommandLists::replacement(std::string line) const
{
    auto found = co_await filter_.find(line);
    if (!found)
        base::Log{}.warning(filter_.title(), " lookup error for \"", line.substr(0, 100),
                            "\": ", found.error().text);
    co_return found;
}

Task<bool> CommandLists::ignores(std::string word) const
{
    return has(noop_, std::move(word));
}

Task<bool> CommandLists::forbids(std::string word) const
{
    return has(forbidden_, std::move(word));
}

} // namespace smtpd
