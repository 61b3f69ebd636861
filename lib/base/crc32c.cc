// SPDX-License-Identifier: Apache-2.0
// CRC32C; see crc32c.h.
#include "lib/base/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace base {

static constexpr std::array<std::uint32_t, 256> make_table()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = value >> 1 ^ (value & 1 ? 0x82f63b78u : 0);
        table[i] = value;
    }
    return table;
}

static std::uint32_t by_table(std::string_view bytes, std::uint32_t state)
{
    static constexpr auto table = make_table();
    for (char c : bytes)
        state = state >> 8 ^ table[(state ^ static_cast<unsigned char>(c)) & 0xff];
    return state;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static std::uint32_t by_instruction(std::string_view bytes,
                                                                      std::uint32_t state)
{
    std::uint64_t wide = state;
    while (bytes.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data(), 8);
        wide = _mm_crc32_u64(wide, word);
        bytes.remove_prefix(8);
    }
    state = static_cast<std::uint32_t>(wide);
    for (char c : bytes)
        state = _mm_crc32_u8(state, static_cast<unsigned char>(c));
    return state;
}
#endif

std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc)
{
#if defined(__x86_64__)
    static const bool have_instruction = __builtin_cpu_supports("sse4.2");
    if (have_instruction)
        return ~by_instruction(bytes, ~crc);
#endif
    return ~by_table(bytes, ~crc);
}

} // namespace base
