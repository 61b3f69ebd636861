// SPDX-License-Identifier: Apache-2.0
// Parameters of Postfix that we do not have; see foreign.h.
#include "lib/config/params/foreign.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/config/params/foreign_names.h"

namespace config {

static bool has_word(std::string_view words, std::string_view word)
{
    for (std::size_t at = words.find(word); at != std::string_view::npos;
         at = words.find(word, at + 1)) {
        if ((at == 0 || words[at - 1] == ' ') && words.substr(at + word.size(), 1) == " ")
            return true;
    }
    return false;
}

std::optional<Foreign> find_foreign(std::string_view name)
{
    if (name.empty() || name.find(' ') != std::string_view::npos)
        return std::nullopt;
    auto refused = std::find_if(std::begin(kRefused), std::end(kRefused),
                                [&](const Refused& r) { return r.name == name; });
    if (refused != std::end(kRefused))
        return Foreign{ForeignUse::Refused, refused->inactive, refused->why};
    if (has_word(kWarned, name))
        return Foreign{ForeignUse::Warned, {}, {}};
    if (has_word(kSilent, name))
        return Foreign{ForeignUse::Silent, {}, {}};
    return std::nullopt;
}

std::vector<std::string_view> foreign_names()
{
    std::vector<std::string_view> names = base::split(kWarned, " ");
    for (std::string_view name : base::split(kSilent, " "))
        names.push_back(name);
    for (const Refused& refused : kRefused)
        names.push_back(refused.name);
    return names;
}

static bool is_inactive(std::string_view inactive, std::string_view value)
{
    if (value.empty())
        return true;
    while (!inactive.empty()) {
        if (base::iequals(base::cut(inactive, '|'), value))
            return true;
    }
    return false;
}

std::optional<Fault> judge_foreign(std::string_view name, const Foreign& foreign,
                                   std::string_view value)
{
    switch (foreign.use) {
    case ForeignUse::Silent: return std::nullopt;
    case ForeignUse::Warned:
        return Fault{.warning = true,
                     .text = base::cat("this release does not act on parameter ", name)};
    case ForeignUse::Refused: break;
    }
    if (is_inactive(foreign.inactive, value))
        return std::nullopt;
    return Fault{.text =
                     base::cat("this release cannot do ", name, " = ", value, ": ", foreign.why),
                 .hint = "remove the setting if the system may run without it"};
}

} // namespace config
