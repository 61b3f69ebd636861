// SPDX-License-Identifier: Apache-2.0
// All sets of parameters that this release has, for those that must know every name: postconf, the
// check at start and the manual. A daemon builds only its own sets.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "lib/config/param.h"

namespace config {

// One row of the registry: the program whose manual page lists the set.
struct KnownSet {
    std::string_view program;
    std::unique_ptr<ParamSet> set;
};

// Fresh sets, with nothing loaded. A name may be in several.
std::vector<KnownSet> known_sets();

// The parameters of all sets sorted by name, each name once. They belong to `sets`.
std::vector<ParamBase*> sorted_params(const std::vector<KnownSet>& sets);

} // namespace config
