// SPDX-License-Identifier: Apache-2.0
// Where an alias, an :include: file or a .forward file sends mail to: the right-hand side of
// aliases(5). Destinations are separated by commas, semicolons or blanks; quotation marks keep
// blanks and specials together; (comments), names before <address> and "group:" fall away. Time is
// linear in the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace local {

// Texts of more bytes are not looked at by those who read files.
inline constexpr std::size_t target_text_limit = 16 << 20;

struct Target {
    enum class Kind : std::uint8_t {
        Address, // In internal form (lib/mail/address.h); perhaps without a domain.
        Command, // What follows the bar.
        File,    // A path that begins with / or ~.
        Include  // The path that follows ":include:".
    };
    Kind kind = Kind::Address;
    std::string text;

    bool operator==(const Target&) const = default;
};

// The destinations on one line, or in the value of an alias, in order. Nothing is an error: what
// makes no sense becomes an address that nobody has.
std::vector<Target> parse_targets(std::string_view text);

// The same for the lines of a file. Lines that begin with # are comments.
std::vector<Target> parse_target_lines(std::string_view text);

} // namespace local
