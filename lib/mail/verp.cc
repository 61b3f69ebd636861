// SPDX-License-Identifier: Apache-2.0
// Variable envelope return paths; see verp.h.
#include "lib/mail/verp.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace mail {

namespace {

struct Parts {
    std::string_view local;
    std::string_view domain; // With its @; empty when there is none.
};

Parts parts_of(std::string_view address)
{
    const auto at = std::min(address.rfind('@'), address.size());
    return {address.substr(0, at), address.substr(at)};
}

} // namespace

bool are_verp_delimiters(std::string_view delimiters, std::string_view allowed)
{
    return delimiters.size() == 2 &&
           delimiters.find_first_not_of(allowed) == std::string_view::npos;
}

std::string verp_sender(std::string_view sender, std::string_view delimiters,
                        const Recipient& recipient)
{
    if (sender.empty() || sender == "#@[]")
        return std::string(sender);
    const Parts origin = parts_of(sender);
    const Parts to = parts_of(recipient.original.empty() ? recipient.address : recipient.original);
    std::string out = base::cat(origin.local, delimiters.substr(0, 1), to.local);
    if (!to.domain.empty())
        base::append(out, delimiters.substr(1), to.domain.substr(1));
    return out.append(origin.domain);
}

} // namespace mail
