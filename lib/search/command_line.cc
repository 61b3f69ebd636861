// SPDX-License-Identifier: Apache-2.0
// Options for filters; see command_line.h.
#include "lib/search/command_line.h"

#include "lib/base/strings.h"

namespace search {

void add_term_options(std::vector<option>& table)
{
    for (std::size_t i = 0; i < term_kinds; ++i)
        table.push_back({term_name(static_cast<TermKind>(i)).data(), required_argument, nullptr,
                         term_option + static_cast<int>(i)});
}

bool take_term(int code, const char* argument, std::vector<Term>& terms)
{
    const int kind = code - term_option;
    if (kind < 0 || kind >= static_cast<int>(term_kinds))
        return false;
    terms.push_back({static_cast<TermKind>(kind), argument});
    return true;
}

std::string term_usage()
{
    std::string usage;
    for (std::size_t i = 0; i < term_kinds; ++i)
        base::append(usage, i == 0 ? "" : " ", "[--", term_name(static_cast<TermKind>(i)),
                     " value]");
    return usage;
}

} // namespace search
