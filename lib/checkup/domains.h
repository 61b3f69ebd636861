// SPDX-License-Identifier: Apache-2.0
// Lists of domains that contradict each other: a domain has one class (local, virtual alias,
// virtual mailbox, relay), so it belongs into one list.
#pragma once

#include "lib/config/main_cf.h"

namespace checkup {

// Warns of domains that stand by name in two lists. What tables and files hold is not compared.
void check_domains(const config::MainCf& main, config::Faults& faults);

} // namespace checkup
