// SPDX-License-Identifier: Apache-2.0
// Lines of master.cf with pipe(8) that cannot work.
#pragma once

#include "lib/config/master_cf.h"

namespace checkup {

// Warns of pipe services without user= or argv=, and of those whose command is there but whose user
// or group is not, or is root. Distributions bring lines that nobody uses: of services that main.cf
// does not name, and that no table of transports can name, nothing is said.
void check_pipes(const config::MainCf& main, const config::MasterCf& master,
                 config::Faults& faults);

} // namespace checkup
