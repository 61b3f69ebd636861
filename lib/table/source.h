// SPDX-License-Identifier: Apache-2.0
// Text sources of tables: files, or rules given in braces in place of a file name. Lines that begin
// with white space continue the line before them, with that white space; comment and empty lines
// fall away, also in between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace table {

// Larger sources are refused.
inline constexpr std::size_t kSourceBytes = 256 << 20;

struct SourceLine {
    std::string text; // Trimmed at both ends.
    int line = 0;     // Where it begins, from 1.
};

std::vector<SourceLine> source_lines(std::string_view text);

// What a source says that is wrong but not fatal: the log shows each with "warning: ".
using Warnings = std::vector<std::string>;

// The content of the file `name`, or of "{ {rule} {rule} }" one rule a line.
base::Result<std::string> load_source(const std::string& name);
bool is_inline_source(std::string_view name);

// The parts of a list in braces "{ a, {b c} type:{d} }" without the outer braces; elements keep
// theirs.
base::Result<std::vector<std::string>> brace_list(std::string_view text);

// "{ text }" without its braces and the blanks inside them; other text as it is.
std::string_view unbrace(std::string_view text);

// "key value" of a lookup table source; the key may be in quotation marks, which stay. False, and
// the reason, when the line is none.
struct Entry {
    std::string_view key;
    std::string_view value;
};
bool split_entry(std::string_view line, Entry& entry, std::string& why);

} // namespace table
