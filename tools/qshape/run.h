// SPDX-License-Identifier: Apache-2.0
// What qshape(1) does: reads queue files and shows how they spread over domains and ages.
#pragma once

#include "lib/service/command.h"
#include "tools/qshape/options.h"

namespace qshape {

// The exit status.
int run(const service::Command& command, const Options& options);

} // namespace qshape
