// SPDX-License-Identifier: Apache-2.0
// Lists of users; see user_list.h.
#include "lib/service/user_list.h"

#include "lib/base/strings.h"

namespace service {

static base::Result<bool> matches(std::string_view pattern, std::string_view user)
{
    if (pattern.starts_with("static:"))
        return true;
    if (pattern.starts_with('/') || pattern.find(':') != std::string_view::npos)
        return base::permanent(
            base::cat("a list of users takes login names and static:, not ", pattern));
    return base::iequals(pattern, user);
}

base::Result<bool> is_listed_user(const std::vector<std::string>& list, std::string_view user)
{
    for (std::string_view pattern : list) {
        bool wanted = true;
        while (pattern.starts_with('!')) {
            pattern.remove_prefix(1);
            wanted = !wanted;
        }
        auto match = matches(pattern, user);
        if (!match)
            return match.error();
        if (*match)
            return wanted;
    }
    return false;
}

} // namespace service
