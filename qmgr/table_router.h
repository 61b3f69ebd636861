// SPDX-License-Identifier: Apache-2.0
// The queue manager's router: lib/route's, as the Router interface wants it.
#pragma once

#include <functional>

#include "lib/route/router.h"
#include "qmgr/router.h"

namespace qmgr {

class TableRouter final : public Router {
public:
    // `router` outlives it. `refresh` has tables that changed opened again.
    TableRouter(const route::Router& router, std::function<void()> refresh)
        : router_(router), refresh_(std::move(refresh))
    {
    }

    base::Task<base::Result<Route>> route(std::string sender, std::string recipient) override;

private:
    const route::Router& router_;
    std::function<void()> refresh_;
};

} // namespace qmgr
