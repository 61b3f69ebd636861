// SPDX-License-Identifier: Apache-2.0
// Address lists of header fields (RFC 5322 section 3.4): where each address is, so that one address
// can be replaced and every other byte stays as it was. Names, comments and groups are passed over.
// What breaks the rules is read as Postfix reads it, because the same mail must reach the same
// people: "a@b c@d" are two addresses, "a@b>" is one. Time is linear in the input, whatever comes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

// header_address_token_limit: words and special characters that are looked at.
inline constexpr std::size_t default_token_limit = 10240;

// One address: text.substr(offset, length) is what to replace. In "Name <a@b>" that is a@b; a
// source route, and comments between the parts of an address, are part of it.
struct ListedAddress {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string address; // In internal form (address.h); a source route "@x,@y:" is still there.
    std::optional<std::size_t> comma_at = {}; // The comma is missing that belongs before it, here.

    bool operator==(const ListedAddress&) const = default;
};

// The addresses of a field's value, folds and line ends included, in order. Those without a domain
// are reported too: "fred". So is what nobody should have written: control characters, `""`, "@".
std::vector<ListedAddress> find_addresses(std::string_view text,
                                          std::size_t token_limit = default_token_limit);

// `text` with the addresses at their places replaced by `replacements`, one for each of `listed`,
// in internal form; they are quoted as RFC 5322 wants. One that equals its address changes nothing;
// where another one does, missing commas are added.
std::string replace_addresses(std::string_view text, const std::vector<ListedAddress>& listed,
                              const std::vector<std::string>& replacements);

} // namespace mail
