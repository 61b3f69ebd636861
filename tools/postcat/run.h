// SPDX-License-Identifier: Apache-2.0
// What postcat(1) does with the files it was given.
#pragma once

#include "lib/config/params/queue.h"
#include "lib/service/command.h"
#include "tools/postcat/options.h"

namespace postcat {

// Returns the exit status. A file that is no queue file is told, and no failure, as in Postfix; one
// that is not there ends the command.
int run(const service::Command& command, const config::QueueParams& params, const Options& options);

} // namespace postcat
