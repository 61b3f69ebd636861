// SPDX-License-Identifier: Apache-2.0
// The way to a content filter; see content_filter.h.
#include "qmgr/content_filter.h"

#include "lib/base/strings.h"

namespace qmgr {

std::string_view filter_of(const queue::Message& message)
{
    if (message.attribute(queue::attribute::trace) == "verify")
        return {};
    return message.attribute(queue::attribute::content_filter);
}

Route filter_route(std::string_view filter, std::string address, std::string_view otherwise)
{
    std::string_view next_hop = filter;
    Route route;
    route.transport = base::cut(next_hop, ':');
    if (next_hop.empty())
        next_hop = otherwise;
    if (next_hop.empty())
        next_hop = std::string_view(address).substr(address.rfind('@') + 1);
    route.next_hop = next_hop;
    route.address = std::move(address);
    return route;
}

} // namespace qmgr
