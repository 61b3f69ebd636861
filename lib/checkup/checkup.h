// SPDX-License-Identifier: Apache-2.0
// The whole configuration looked at without starting anything: `postfix check`, `postfix start`,
// `postconf --check`.
#pragma once

#include <string>

#include "lib/config/main_cf.h"
#include "lib/config/master_cf.h"

namespace checkup {

// main.cf, master.cf, every parameter of every set, names that nobody knows, the -o settings of
// each service, tables, match lists and restrictions: all faults, those of main.cf first, each
// file's by line.
config::Faults check(const std::string& directory);

} // namespace checkup
