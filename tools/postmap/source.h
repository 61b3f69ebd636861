// SPDX-License-Identifier: Apache-2.0
// Source files of indexed tables: "key value" lines, or aliases(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/table/source.h"
#include "tools/postmap/options.h"

namespace postmap {

struct Item {
    std::string key; // Folded, unless -f.
    std::string value;
    int line = 0;
};

// The entries of `text`; what is wrong goes to `warnings`, with `file` and line.
std::vector<Item> read_items(std::string_view text, const std::string& file, const Options& options,
                             table::Warnings& warnings);

// One line of aliases(5): "name: value", the name perhaps in quotation marks. The text why not.
bool split_alias(std::string_view line, std::string& name, std::string& value, std::string& why);

} // namespace postmap
