// SPDX-License-Identifier: Apache-2.0
// What is wrong with the files below a directory: who owns them, who else may write them, and
// whether copies for the jail are still those of the system.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace postfix {

// What belongs to none of `owners`, or may be written by others: one text each, for directories,
// too. Links are not followed, and what goes away meanwhile is no fault.
std::vector<std::string> tree_faults(const std::string& directory, const std::vector<uid_t>& owners,
                                     std::string_view owner_name);

// Files below `jail` that the system has by the same name with another content.
std::vector<std::string> stale_copies(const std::string& jail);

} // namespace postfix
