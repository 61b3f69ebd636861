// SPDX-License-Identifier: Apache-2.0
// What a file in maildrop may say besides envelope and content. postdrop writes nothing else, and
// pickup believes nothing else.
#pragma once

#include <string_view>
#include <sys/types.h>

namespace submit {

// A file in maildrop can be read by setgid_group, which pickup, qmgr and showq belong to, and by
// nobody else but its owner, who cannot get at it.
inline constexpr mode_t maildrop_mode = 0740;

} // namespace submit

namespace submit::attribute {

inline constexpr std::string_view full_name = "full_name"; // Of the sender.
inline constexpr std::string_view trace = "trace";         // "record" or "verify".
inline constexpr std::string_view gateway = "gateway";     // "yes": sendmail -G.
inline constexpr std::string_view verp = "verp";           // Delimiters: sendmail -XV.
// Who submitted a message that postfix import-queue took over; only mail_owner's word counts.
inline constexpr std::string_view uid = "uid";

} // namespace submit::attribute
