// SPDX-License-Identifier: Apache-2.0
// What a file in maildrop may say besides envelope and content. postdrop writes nothing else, and
// pickup believes nothing else.
#pragma once

#include <string_view>

namespace submit::attribute {

inline constexpr std::string_view full_name = "full_name"; // Of the sender.
inline constexpr std::string_view trace = "trace";         // "record" or "verify".
inline constexpr std::string_view gateway = "gateway";     // "yes": sendmail -G.
inline constexpr std::string_view verp = "verp";           // Delimiters: sendmail -XV.

} // namespace submit::attribute
