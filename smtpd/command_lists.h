// SPDX-License-Identifier: Apache-2.0
// The commands that smtpd_noop_commands and smtpd_forbidden_commands name, as words or tables, and
// what smtpd_command_filter makes of commands.
#pragma once

#include <string>

#include "lib/config/params/smtpd.h"
#include "lib/table/maps.h"
#include "lib/table/match_list.h"

namespace smtpd {

class CommandLists {
public:
    // `tables` outlives it.
    CommandLists(table::Tables& tables, const config::SmtpdParams& params);

    bool filters() const { return !filter_.empty(); }
    // What smtpd_command_filter has for a command line; what it cannot say is told in the log too.
    base::Task<table::Found> replacement(std::string line) const;

    bool ignores_any() const { return !noop_.empty(); }
    // By the first word of the command. A table that cannot be asked is told in the log, and has
    // nothing.
    base::Task<bool> ignores(std::string word) const;
    base::Task<bool> forbids(std::string word) const;

private:
    table::Maps filter_;
    table::MatchList noop_;
    table::MatchList forbidden_;
};

} // namespace smtpd
