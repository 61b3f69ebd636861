// SPDX-License-Identifier: Apache-2.0
// Keys and values of the index. One tree holds everything; the first byte of a key says what it
// leads to:
//   m ID              the entry
//   t TIME ID         next attempt (deferred messages only), TIME in microseconds, big-endian
//   a TIME ID         arrival
//   s|r|o|d|x|c TEXT 0 ID
//                     sender, recipient, its domain, destination, reason, class; lower case, cut
//   n                 the number of entries
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/queue/index.h"

namespace queue::index_keys {

inline constexpr char entry_mark = 'm';
inline constexpr char attempt_mark = 't';
inline constexpr char arrival_mark = 'a';
inline constexpr std::string_view count_key = "n";

std::string entry_key(std::string_view id);
std::string time_key(char mark, base::WallTime when, std::string_view id);
// Up to the id.
std::string field_prefix(IndexField field, std::string_view value);

// The other way round; the key must be one that time_key() made.
Due due_of(std::string_view key);

// All keys that lead to an entry, but its own; sorted, none twice.
std::vector<std::string> keys_of(const IndexEntry& entry);

std::string encode_entry(const IndexEntry& entry);
base::Result<IndexEntry> decode_entry(std::string_view id, std::string_view value);

// The mark of a clean end says what the file was like then.
std::string clean_mark(std::uint64_t size, std::uint32_t crc);

} // namespace queue::index_keys
