// SPDX-License-Identifier: Apache-2.0
// What postdrop(1) does: one message from standard input to maildrop, and a word to pickup.
#pragma once

#include "lib/config/params/queue.h"
#include "lib/config/params/submit.h"
#include "lib/config/params/verp.h"
#include "lib/service/command.h"
#include "submit/postdrop/options.h"

namespace postdrop {

struct Context {
    const service::Command& command;
    const config::PostdropParams& params;
    const config::QueueParams& queue;
    const config::VerpParams& verp;
    const Options& options;
};

// The exit status.
int run(const Context& context);

} // namespace postdrop
