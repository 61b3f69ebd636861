// SPDX-License-Identifier: Apache-2.0
// Small texts; see words.h.
#include "tools/doctor/words.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace doctor {

std::string words_for(long long seconds)
{
    struct Unit {
        long long seconds;
        std::string_view name;
    };
    constexpr Unit units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}};
    seconds = std::max(seconds, 0LL);
    for (const Unit& unit : units)
        if (seconds >= 2 * unit.seconds)
            return base::cat(seconds / unit.seconds, " ", unit.name, "s");
    return base::cat(seconds, seconds == 1 ? " second" : " seconds");
}

std::string reversed_name(const net::Address& address, std::string_view zone)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string_view bytes = address.bytes();
    std::string name;
    for (auto at = bytes.rbegin(); at != bytes.rend(); ++at) {
        auto byte = static_cast<unsigned char>(*at);
        if (bytes.size() == 4)
            base::append(name, static_cast<unsigned>(byte), ".");
        else
            base::append(name, digits[byte & 15], ".", digits[byte >> 4], ".");
    }
    return name.append(zone);
}

} // namespace doctor
