// SPDX-License-Identifier: Apache-2.0
// Rewriter; see rewriter.h.
#include "lib/route/rewriter.h"

#include "lib/base/strings.h"
#include "lib/table/address_keys.h"

namespace route {

// RFC 5321 section 4.1.1.3: "@one,@two:user@three" is user@three.
static std::string_view without_source_route(std::string_view address)
{
    if (address.empty() || address.front() != '@')
        return address;
    auto colon = address.find(':');
    if (colon == std::string_view::npos || colon + 1 == address.size())
        return address;
    return address.substr(colon + 1);
}

// site!user becomes user@site, else user%domain becomes user@domain. False when it is neither.
static bool read_operators(std::string& address, const Rewriter::Rules& rules)
{
    if (table::quote_local_part(address) != address)
        return false;
    auto bang = rules.swap_bangpath ? address.find('!') : std::string::npos;
    if (bang != std::string::npos) {
        address = base::cat(address.substr(bang + 1), "@", address.substr(0, bang));
        return true;
    }
    auto percent = rules.percent_hack ? address.rfind('%') : std::string::npos;
    if (percent == std::string::npos)
        return false;
    address[percent] = '@';
    return true;
}

std::string Rewriter::rewrite(std::string_view text, Context context) const
{
    std::string address(without_source_route(text));
    if (address.empty())
        return address;
    bool local = context == Context::Local;
    const std::string& origin = local ? rules_.origin : rules_.remote_origin;
    if (address.rfind('@') == std::string::npos && !read_operators(address, rules_) &&
        rules_.append_at_origin && !origin.empty())
        base::append(address, "@", origin);
    auto at = address.rfind('@');
    bool has_domain = at != std::string::npos && at + 1 < address.size();
    const std::string& parent = local ? rules_.domain : rules_.remote_origin;
    if (has_domain && rules_.append_dot_domain && !parent.empty() &&
        address.find_first_of(".[", at) == std::string::npos)
        base::append(address, ".", parent);
    if (has_domain && address.size() > at + 2 && address.back() == '.' &&
        address[address.size() - 2] != '.')
        address.pop_back();
    return address;
}

} // namespace route
