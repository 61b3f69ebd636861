// SPDX-License-Identifier: Apache-2.0
// What postconf says: results on the standard output, warnings and fatal lines on the standard
// error stream.
#pragma once

#include <string_view>

#include "lib/config/main_cf.h"

namespace postconf {

void print(std::string_view line); // With a line end.
void warn(std::string_view text);  // "postconf: warning: TEXT"
int fatal(std::string_view text);  // "postconf: fatal: TEXT"; the exit status, 1.

// Tells every warning, and the first error as a fatal line. The exit status: 0 without errors.
int tell(const config::Faults& faults);

// Puts `content` in the place of `path`, keeping owner and mode of the file that is there.
base::Result<void> replace_config_file(const std::string& path, std::string_view content);

// main.cf or master.cf for editing; a missing file reads as an empty one.
base::Result<std::string> read_config_file(const std::string& path);

} // namespace postconf
