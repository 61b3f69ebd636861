// SPDX-License-Identifier: Apache-2.0
// What postsuper(1) does, from its rights to its exit status.
#pragma once

#include "lib/config/params/postqueue.h"
#include "lib/config/params/queue.h"
#include "lib/service/command.h"
#include "tools/postsuper/options.h"

namespace postsuper {

struct Context {
    service::Command& command;
    const config::QueueParams& queue;
    const config::PostqueueParams& services;
    const Options& options;
};

// Nothing when the caller may go on.
base::Result<void> check_caller();

int run(const Context& context);

} // namespace postsuper
