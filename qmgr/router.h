// SPDX-License-Identifier: Apache-2.0
// What the queue manager asks about a recipient: where its mail goes. lib/route answers; tests have
// their own.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/task.h"

namespace qmgr {

struct Route {
    std::string transport; // A service of master.cf.
    std::string next_hop;
    std::string address; // The recipient as the agent is to see it.
};

class Router {
public:
    virtual ~Router() = default;
    // A temporary error defers the recipient with its text; a permanent one returns it.
    virtual base::Task<base::Result<Route>> route(std::string sender, std::string recipient) = 0;
};

} // namespace qmgr
