// SPDX-License-Identifier: Apache-2.0
// Parameters of Postfix that no set of ours declares. A main.cf written for Postfix stays usable:
// most of its settings can be overlooked with a word, or without one; a few must not be, because
// mail would then be less safe, or go elsewhere, than the file says.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/config/main_cf.h"

namespace config {

enum class ForeignUse : unsigned char {
    Silent, // A detail without meaning here.
    Warned, // Accepted; a warning says that it has no effect.
    Refused // An error, unless the value is an inactive one.
};

struct Foreign {
    ForeignUse use = ForeignUse::Warned;
    std::string_view inactive; // Values with which it does nothing, '|' between them.
    std::string_view why;      // For Refused: what would go wrong.
};

// Nothing when Postfix has no such parameter.
std::optional<Foreign> find_foreign(std::string_view name);

// All names of the table.
std::vector<std::string_view> foreign_names();

// What has to be said about `name` with its expanded `value`, if anything; place is left empty.
std::optional<Fault> judge_foreign(std::string_view name, const Foreign& foreign,
                                   std::string_view value);

} // namespace config
