// SPDX-License-Identifier: Apache-2.0
// Domains in two lists; see domains.h.
#include "lib/checkup/domains.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/config/param.h"

namespace checkup {

namespace {

struct Pair {
    std::string_view first;
    std::string_view second;
};
// relay_domains may name what is local: it did by default once.
constexpr Pair pairs[] = {
    {"mydestination", "virtual_alias_domains"},
    {"mydestination", "virtual_mailbox_domains"},
    {"virtual_alias_domains", "virtual_mailbox_domains"},
    {"virtual_alias_domains", "relay_domains"},
    {"virtual_mailbox_domains", "relay_domains"},
};

std::vector<std::string> names_in(const config::MainCf& main, std::string_view parameter)
{
    std::vector<std::string> names;
    std::string why;
    auto text = main.expanded(parameter);
    if (!text || !config::List::parse(*text, names, why))
        return {};
    std::erase_if(names, [](const std::string& name) {
        return name.find_first_of(":/!") != std::string::npos;
    });
    for (auto& name : names)
        name = base::lower(name);
    return names;
}

// The place of whichever is set; one of them is, for defaults do not contradict each other.
void set_place(const config::MainCf& main, const Pair& pair, config::Fault& fault)
{
    for (std::string_view name : {pair.first, pair.second}) {
        if (const auto* entry = main.find(name)) {
            fault.file = entry->file;
            fault.line = entry->line;
        }
    }
}

} // namespace

void check_domains(const config::MainCf& main, config::Faults& faults)
{
    for (const Pair& pair : pairs) {
        auto second = names_in(main, pair.second);
        for (const auto& name : names_in(main, pair.first)) {
            if (std::find(second.begin(), second.end(), name) == second.end())
                continue;
            config::Fault fault{.warning = true,
                                .text = base::cat("do not list domain ", name, " in BOTH ",
                                                  pair.first, " and ", pair.second),
                                .hint = base::cat(pair.first, " is what counts")};
            set_place(main, pair, fault);
            config::add_fault(faults, std::move(fault));
        }
    }
}

} // namespace checkup
