// SPDX-License-Identifier: Apache-2.0
// The queue manager's router: lib/route's, as the Router interface wants it.
#pragma once

#include "lib/route/router.h"
#include "qmgr/router.h"

namespace qmgr {

class TableRouter final : public Router {
public:
    // `router` outlives it.
    explicit TableRouter(const route::Router& router) : router_(router) {}

    base::Task<base::Result<Route>> route(std::string sender, std::string recipient) override;

private:
    const route::Router& router_;
};

} // namespace qmgr
