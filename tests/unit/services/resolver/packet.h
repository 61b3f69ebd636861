// SPDX-License-Identifier: Apache-2.0
// DNS messages by hand, right and wrong ones.
#pragma once

#include <string>
#include <string_view>

#include "lib/ipc/messages/resolver.h"

namespace resolver {

inline std::string u16(unsigned value)
{
    return {static_cast<char>(value >> 8), static_cast<char>(value & 255)};
}

// "a.b" as labels.
inline std::string wire(std::string_view name)
{
    std::string out;
    while (!name.empty()) {
        auto label = name.substr(0, name.find('.'));
        out += static_cast<char>(label.size());
        out += label;
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    return out + '\0';
}

inline std::string record(const std::string& owner, unsigned type, const std::string& data,
                          unsigned ttl = 60, unsigned record_class = 1)
{
    return owner + u16(type) + u16(record_class) + u16(0) + u16(ttl) +
           u16(static_cast<unsigned>(data.size())) + data;
}

inline const std::string owner_pointer = "\xc0\x0c"; // The question's name.

inline std::string packet(std::string_view name, unsigned type, unsigned code,
                          const std::vector<std::string>& answers)
{
    std::string out = u16(1) + u16(0x8180 | code) + u16(1) +
                      u16(static_cast<unsigned>(answers.size())) + u16(0) + u16(0) + wire(name) +
                      u16(type) + u16(1);
    for (const auto& answer : answers)
        out += answer;
    return out;
}

} // namespace resolver
