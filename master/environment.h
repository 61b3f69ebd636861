// SPDX-License-Identifier: Apache-2.0
// The environment of daemons: little, and known.
#pragma once

#include <string>
#include <vector>

namespace master {

// "NAME=VALUE" texts: what `import` (import_environment) names and `from` has, what it sets, a
// PATH of the system, and MAIL_CONFIG=`directory`.
std::vector<std::string> worker_environment(const std::vector<std::string>& import,
                                            const std::string& directory, const char* const* from);

} // namespace master
