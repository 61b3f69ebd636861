// SPDX-License-Identifier: Apache-2.0
// What postlog(1) does.
#pragma once

#include "tools/postlog/options.h"

namespace postlog {

// Logs, and returns the exit status. Works without a main.cf.
int run(const Options& options);

} // namespace postlog
