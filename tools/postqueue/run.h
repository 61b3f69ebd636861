// SPDX-License-Identifier: Apache-2.0
// What postqueue(1) does: showing the queue, and asking the queue manager for deliveries.
#pragma once

#include "lib/config/params/postqueue.h"
#include "lib/config/params/queue.h"
#include "lib/service/command.h"
#include "tools/postqueue/options.h"

namespace postqueue {

struct Context {
    service::Command& command;
    const config::PostqueueParams& params;
    const config::QueueParams& queue;
    const Options& options;
};

// Each returns the exit status.
int run(const Context& context);
int show(const Context& context);
int flush(const Context& context);
int ask(const Context& context);            // Lists by a filter, counts, groups.
int flush_matching(const Context& context); // Flushes by a filter.
int why(const Context& context);

} // namespace postqueue
