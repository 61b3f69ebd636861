// SPDX-License-Identifier: Apache-2.0
// Routes by tables; see table_router.h.
#include "qmgr/table_router.h"

namespace qmgr {

base::Task<base::Result<Route>> TableRouter::route(std::string sender, std::string recipient)
{
    refresh_();
    auto found = co_await router_.resolve(std::move(sender), std::move(recipient));
    if (!found)
        co_return found.error();
    if (found->bad_syntax)
        co_return base::permanent("bad address syntax");
    co_return Route{std::move(found->transport), std::move(found->nexthop),
                    std::move(found->recipient)};
}

} // namespace qmgr
