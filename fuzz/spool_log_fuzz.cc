// SPDX-License-Identifier: Apache-2.0
// Postfix's defer and bounce logs are read without harm: each entry has an address, and no more is
// kept than the text had.
#include <cstdint>

#include "tools/postfix/spool/delivery_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::size_t kept = 0;
    for (const auto& one : spool::parse_delivery_log({reinterpret_cast<const char*>(data), size})) {
        if (one.address.empty())
            __builtin_trap();
        kept += one.address.size() + one.status.size() + one.reason.size() + one.host.size() +
                one.reply.size();
    }
    if (kept > size)
        __builtin_trap();
    return 0;
}
