// SPDX-License-Identifier: Apache-2.0
// Asking tables: -q and -s.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/config/main_cf.h"
#include "tools/postmap/options.h"

namespace postmap {

// Prints what the first of `specs` that has the key (or keys of standard input) says. False when
// nothing was found.
base::Result<bool> query(const config::MainCf& main, const std::vector<std::string>& specs,
                         const Options& options);

// Prints all entries of a table.
base::Result<void> list(const std::string& spec, const Options& options);

} // namespace postmap
