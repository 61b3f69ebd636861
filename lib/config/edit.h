// SPDX-License-Identifier: Apache-2.0
// Editing main.cf and master.cf in place: what is not asked for stays byte by byte, comments and
// order included. Text in, text out; nothing here touches a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/config/master_cf.h"

namespace config {

enum class EditKind : unsigned char {
    Set,        // Replace every logical line with the key, or append one.
    CommentOut, // Put '#' before each of its lines.
    Delete
};

// One change of a file. Comments between the lines of an entry stay where they are.
struct LineEdit {
    EditKind kind = EditKind::Set;
    std::string key;  // A name for main.cf, "name/type" for master.cf.
    std::string text; // For Set: the new line or lines, without the last line end.
    int found = 0;    // Out: how many entries there were.
};

std::string edit_main_cf(std::string_view text, std::vector<LineEdit>& edits);
std::string edit_master_cf(std::string_view text, std::vector<LineEdit>& edits);

// Columns at Postfix's places. `fold` puts each -o on a line of its own and breaks long lines.
std::string format_service(const ServiceEntry& entry, bool fold);

// The command column with all arguments, as one line.
std::string format_command(const ServiceEntry& entry);

// "label = value" or other text, words separated by one blank; `fold` breaks lines that would pass
// column 80 and indents what follows.
std::string fold_words(std::string_view text, bool fold);

// Sets or, without `value`, removes an -o setting of `entry`.
void change_override(ServiceEntry& entry, std::string_view name, const std::string* value);

} // namespace config
