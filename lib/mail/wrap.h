// SPDX-License-Identifier: Apache-2.0
// Text for people in lines of a letter's width.
#pragma once

#include <string>
#include <string_view>

namespace mail {

// Appends `start` and `text` in lines of at most 79 characters where the text has blanks to break
// at, and of at most 900 bytes of it in any case; lines after the first begin with `indent`. All
// end in CRLF. No UTF-8 sequence is broken.
void append_wrapped(std::string& to, std::string_view text, std::string_view start = {},
                    std::string_view indent = "    ");

} // namespace mail
