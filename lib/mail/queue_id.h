// SPDX-License-Identifier: Apache-2.0
// Queue ids: the name of a message in commands, logs and the queue directories.
//   short: 5 upper-case hexadecimal digits of the arrival microsecond, then the inode number in
//          upper-case hexadecimal;
//   long:  arrival seconds (6 or more digits, base 52: digits and consonants of both cases),
//          microseconds (4 digits, base 52), 'z', inode in base 51.
// Both are letters and digits only, so an id is always a safe file name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace mail {

using QueueId = std::string;

QueueId make_short_queue_id(base::WallTime arrival, std::uint64_t inode);
QueueId make_long_queue_id(base::WallTime arrival, std::uint64_t inode);

// True for 6 to 32 letters and digits: what may come from a person or a peer and be used as a file
// name. Says nothing about whether such a message exists.
bool is_queue_id(std::string_view text);

// The inode that an id of either form names; nothing when it is not well-formed.
std::optional<std::uint64_t> inode_of(std::string_view id);

// Told by the separator: whether the id never repeats.
bool is_long_queue_id(std::string_view id);

// The arrival's microseconds as five upper-case hexadecimal digits, whichever form the id has: the
// queue hashes by them.
std::string microseconds_hex(std::string_view id);

} // namespace mail
