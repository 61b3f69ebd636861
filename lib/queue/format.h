// SPDX-License-Identifier: Apache-2.0
// The bytes of a queue file but for the journal: superblock and envelope records, as FORMAT.md
// describes them. No I/O here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/queue/message.h"
#include "lib/queue/reader.h"

namespace queue::format {

inline constexpr std::size_t superblock_size = 128;
inline constexpr std::uint16_t major_version = 1;
inline constexpr std::uint16_t minor_version = 2;

std::string encode_superblock(const Layout& layout);

// A permanent error when the bytes are no superblock, or when a region does not lie where it must
// in a file of `file_size` bytes.
base::Result<Layout> decode_superblock(std::string_view bytes, std::uint64_t file_size);

// All records, the end included. A permanent error: a record would be larger than record_limit, or
// there are too many recipients.
base::Result<std::string> encode_envelope(const Message& message);

// Reads a region record by record. Everything but recipients goes into `message`; recipients are
// checked and counted, and their place is noted.
struct EnvelopeShape {
    std::size_t recipients_at = 0; // Offset of the first recipient record.
    std::uint32_t recipient_count = 0;
};
base::Result<EnvelopeShape> decode_envelope(std::string_view region, Message& message);

// The recipient record at `at`, which is advanced past it. The region has been checked before.
base::Result<mail::Recipient> decode_recipient(std::string_view region, std::size_t& at);

} // namespace queue::format
