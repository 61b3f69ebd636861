// SPDX-License-Identifier: Apache-2.0
// What postlog(1) does.
#pragma once

#include "lib/service/command.h"
#include "tools/postlog/options.h"

namespace postlog {

// Logs, and returns the exit status: 1 when the mail log cannot be opened. Works without a main.cf.
// The line is shown on stderr, too, when that is a terminal.
int run(service::Command& command, const Options& options);

} // namespace postlog
