// SPDX-License-Identifier: Apache-2.0
// What a peer sends never breaks a log line: the result of printable() has the promised form for
// any bytes, and cleaning it again changes nothing.

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/strings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view input(reinterpret_cast<const char*>(data), size);
    for (bool utf8 : {false, true}) {
        std::string clean = base::printable(input, utf8);
        for (unsigned char byte : clean)
            if (byte < ' ' || byte == 0x7f || (!utf8 && byte >= 0x80))
                __builtin_trap();
        if (clean.size() != size || base::printable(clean, utf8) != clean)
            __builtin_trap();
    }
    return 0;
}
