// SPDX-License-Identifier: Apache-2.0
// Addresses found in any text lie in it, in order and apart, and replacing none of them changes
// nothing; what replaced one is found again.
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/mail/address_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto listed = mail::find_addresses(text);
    std::size_t end = 0;
    std::vector<std::string> same;
    std::vector<std::string> other;
    for (const auto& one : listed) {
        if (one.offset < end || one.length == 0 || one.offset + one.length > text.size())
            __builtin_trap();
        end = one.offset + one.length;
        same.push_back(one.address);
        other.push_back("new@example.org");
    }
    if (mail::replace_addresses(text, listed, same) != text)
        __builtin_trap();
    const auto again = mail::find_addresses(mail::replace_addresses(text, listed, other));
    for (std::size_t i = 0; i < again.size(); ++i)
        if (i < listed.size() && again[i].address != other[i] && again.size() == listed.size())
            __builtin_trap();
    return 0;
}
