// SPDX-License-Identifier: Apache-2.0
// The tables of known services; see known_services.h.
#include "master/known_services.h"

#include <algorithm>
#include <iterator>

namespace master {

static constexpr std::string_view lines[] = {
    "resolver unix - - y - 1 resolver",
    "failures unix - - n - 1 failures",
    "postlog unix-dgram n - n - 1 postlogd",
};

static constexpr Replaced table[] = {
    {"trivial-rewrite", "the programs that need routing", "", ""},
    {"tlsmgr", "the daemons that speak TLS", "", ""},
    {"scache", "the delivery agents", "", ""},
    {"flush", "qmgr", "", ""},
    {"verify", "nobody: restrictions that probe addresses are refused", "", ""},
    {"dnsblog", "smtpd and resolver", "", ""},
    {"tlsproxy", "smtpd", "", ""},
    {"postscreen", "smtpd", "smtpd", "smtpd/pass"},
};

std::span<const std::string_view> built_in_lines()
{
    return lines;
}

const Replaced* find_replaced(std::string_view command)
{
    const auto* found = std::find_if(std::begin(table), std::end(table),
                                     [&](const Replaced& row) { return row.command == command; });
    return found == std::end(table) ? nullptr : found;
}

} // namespace master
