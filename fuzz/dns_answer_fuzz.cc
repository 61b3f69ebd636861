// SPDX-License-Identifier: Apache-2.0
// Whatever a DNS server says: records are bounded and names hold only what a host name may. The
// first byte chooses the type that was asked for.
#include <cstdint>
#include <string>

#include "services/resolver/dns_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    static constexpr std::uint16_t types[] = {1, 2, 5, 6, 12, 15, 16, 28, 33, 52};
    const std::uint16_t type = types[data[0] % 10];
    const std::string message(reinterpret_cast<const char*>(data) + 1, size - 1);
    auto answer = resolver::parse_answer(message, type);
    if (answer.records.size() > resolver::record_limit)
        __builtin_trap();
    const bool name = type == 2 || type == 5 || type == 12 || type == 15 || type == 33;
    for (const auto& record : answer.records)
        for (unsigned char c : record.data)
            if (name && (c <= ' ' || c >= 0x7f || c == '"' || c == '\\'))
                __builtin_trap();
    return 0;
}
