// SPDX-License-Identifier: Apache-2.0
// Postfix's defer and bounce logs; see delivery_log.h.
#include "tools/postfix/spool/delivery_log.h"

#include <utility>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace spool {

namespace {

constexpr struct {
    std::string_view name;
    std::string LoggedRecipient::*member;
} rows[] = {
    {"recipient", &LoggedRecipient::address}, {"status", &LoggedRecipient::status},
    {"reason", &LoggedRecipient::reason},     {"mta_mname", &LoggedRecipient::host},
    {"diag_text", &LoggedRecipient::reply},
};

void take_attribute(std::string_view line, LoggedRecipient& entry)
{
    const auto equals = line.find('=');
    if (equals == std::string_view::npos)
        return;
    const auto name = base::trim(line.substr(0, equals));
    const auto value = base::trim(line.substr(equals + 1));
    if (name == "offset")
        entry.offset = base::parse_int<std::uint64_t>(value).value_or(0);
    for (const auto& row : rows)
        if (row.name == name)
            entry.*row.member = value;
}

// "<recipient>: reason", which older releases wrote alone and newer ones before the attributes.
void take_old_form(std::string_view line, LoggedRecipient& entry)
{
    const auto end = line.find(">: ");
    if (end == std::string_view::npos)
        return;
    entry.address = line.substr(1, end - 1);
    entry.reason = base::trim(line.substr(end + 3));
}

} // namespace

// Entries are separated by empty lines.
std::vector<LoggedRecipient> parse_delivery_log(std::string_view text)
{
    std::vector<LoggedRecipient> entries;
    LoggedRecipient entry;
    while (!text.empty() && entries.size() < logged_recipient_limit) {
        const auto line = base::cut(text, '\n');
        if (line.starts_with('<'))
            take_old_form(line, entry);
        else if (!line.empty())
            take_attribute(line, entry);
        if ((line.empty() || text.empty()) && !entry.address.empty())
            entries.push_back(std::exchange(entry, {}));
    }
    return entries;
}

} // namespace spool
