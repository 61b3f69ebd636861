// SPDX-License-Identifier: Apache-2.0
// What the command line asks for, done.
#pragma once

#include "lib/base/result.h"
#include "tools/postmap/options.h"

namespace postmap {

// The exit status: 0, or 1 when nothing was found. An error is fatal.
base::Result<int> run(const Options& options);

} // namespace postmap
