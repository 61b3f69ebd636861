// SPDX-License-Identifier: Apache-2.0
// CRC32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction where it has one.
#pragma once

#include <cstdint>
#include <string_view>

namespace base {

// The checksum of `bytes` continuing from `crc`, which is 0 for the first part.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);

} // namespace base
