// SPDX-License-Identifier: Apache-2.0
// Enhanced status codes (RFC 3463) in front of texts: "5.7.1 go away".
#pragma once

#include <cstddef>
#include <string_view>

namespace mail {

// The length of the code that `text` begins with, at a blank or the end; 0 when there is none.
std::size_t status_code_length(std::string_view text);

} // namespace mail
