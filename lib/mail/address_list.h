// SPDX-License-Identifier: Apache-2.0
// Address lists of header fields (RFC 5322 section 3.4): where each address is, so that one address
// can be replaced and every other byte stays as it was. Names, comments and groups are passed over;
// what is no address is not reported. Time is linear in the input, whatever comes.
#pragma once

#include <cstddef>
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

    bool operator==(const ListedAddress&) const = default;
};

// The addresses of a field's value, folds and line ends included, in order. Those without a domain
// are reported too: "fred". Two words without anything between ("John Doe") are no address.
std::vector<ListedAddress> find_addresses(std::string_view text,
                                          std::size_t token_limit = default_token_limit);

// `text` with the addresses at their places replaced by `replacements`, one for each of `listed`,
// in internal form; they are quoted as RFC 5322 wants. One that equals its address changes nothing.
std::string replace_addresses(std::string_view text, const std::vector<ListedAddress>& listed,
                              const std::vector<std::string>& replacements);

} // namespace mail
