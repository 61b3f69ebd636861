// SPDX-License-Identifier: Apache-2.0
// Sets of characters that messages may not contain, or that are taken out of them
// (message_reject_characters, message_strip_characters).
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

namespace cleanup {

class Characters {
public:
    Characters() = default;
    // C's escapes: \a \b \f \n \r \t \v, \ with up to three octal digits, \ before any other
    // character. CR and LF are never members: they end lines.
    explicit Characters(std::string_view text);

    bool empty() const { return set_.none(); }
    bool has(char c) const { return set_[static_cast<unsigned char>(c)]; }
    bool any_in(std::string_view text) const;
    // `text` without them.
    std::string without(std::string_view text) const;

private:
    std::bitset<256> set_;
};

} // namespace cleanup
