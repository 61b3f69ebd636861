// SPDX-License-Identifier: Apache-2.0
// Lists whose elements mean something that can be looked at before anything is started: the check
// of a configuration opens their tables and files. To programs they are lists of texts.
#pragma once

#include "lib/config/param.h"

namespace config {

// Lookup tables, "type:name" each.
struct Tables : List {
    static constexpr std::string_view name = "tables";
};

// Names, tables and files of a match list.
struct Patterns : List {
    static constexpr std::string_view name = "patterns";
};

// The same with network addresses.
struct Networks : List {
    static constexpr std::string_view name = "networks";
};

} // namespace config
