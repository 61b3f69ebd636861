// SPDX-License-Identifier: Apache-2.0
// The commands that smtpd_noop_commands and smtpd_forbidden_commands name, as words or tables.
#pragma once

#include <string>

#include "lib/config/params/smtpd.h"
#include "lib/table/match_list.h"

namespace smtpd {

class CommandLists {
public:
    // `tables` outlives it.
    CommandLists(table::Tables& tables, const config::SmtpdParams& params);

    bool ignores_any() const { return !noop_.empty(); }
    // By the first word of the command. A table that cannot be asked is told in the log, and has
    // nothing.
    base::Task<bool> ignores(std::string word) const;
    base::Task<bool> forbids(std::string word) const;

private:
    table::MatchList noop_;
    table::MatchList forbidden_;
};

} // namespace smtpd
