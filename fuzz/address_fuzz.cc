// SPDX-License-Identifier: Apache-2.0
// The path parser and xtext against arbitrary input: what is accepted survives quoting.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/xtext.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view input(reinterpret_cast<const char*>(data), size);
    for (int rules = 0; rules < 8; ++rules) {
        mail::PathRules how{(rules & 1) != 0, (rules & 2) != 0, (rules & 4) != 0};
        auto address = mail::parse_path(input, how);
        if (!address || address->empty())
            continue;
        auto back = mail::parse_path("<" + mail::quote_address(*address) + ">",
                                     {true, how.allow_utf8, false});
        bool too_long = 2 * address->size() + 4 > mail::address_limit;
        if (!too_long && (!back || *back != *address))
            std::abort();
    }
    auto decoded = mail::decode_xtext(input);
    if (decoded && mail::decode_xtext(mail::encode_xtext(*decoded)).value_or("") != *decoded)
        std::abort();
    const std::string plain = mail::decode_embedded_unicode(input);
    if (plain.size() > size || (base::is_utf8(input) && !base::is_utf8(plain)))
        std::abort();
    return 0;
}
