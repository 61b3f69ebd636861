// SPDX-License-Identifier: Apache-2.0
// Addresses as keys: which parts of an address are looked up, and in which order. The callers'
// manual pages tell their own orders; all are subsets of the one here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/table/maps.h"

namespace table {

// Which keys; they are tried in this order. "ext" includes the delimiter.
namespace keys {
inline constexpr std::uint8_t full = 1;         // user+ext@domain
inline constexpr std::uint8_t no_extension = 2; // user@domain
inline constexpr std::uint8_t local_part = 4;   // user+ext, user: for addresses of this host
inline constexpr std::uint8_t at_domain = 8;    // @domain
inline constexpr std::uint8_t domain = 16;      // domain
inline constexpr std::uint8_t parents = 32;     // .parent domains, or without the dot
inline constexpr std::uint8_t local_at = 64;    // user+ext@, user@

inline constexpr std::uint8_t rewriting = full | no_extension | local_part | at_domain;
inline constexpr std::uint8_t access = full | no_extension | domain | parents | local_at;
} // namespace keys

struct Key {
    std::string text;
    Part part = Part::Partial;
    bool drops_extension = false; // The extension is not part of the key.
    bool is_local_part = false;   // Meant for addresses of this host.
};

// How an address is taken apart.
struct AddressRules {
    std::string delimiters;           // recipient_delimiter
    std::string double_bounce_sender; // Never split.
    bool parents_without_dot = false; // parent_domain_matches_subdomains
};

// `local` (of an address, in internal form) without its extension: the length of the user name;
// local.size() when there is none.
std::size_t user_length(std::string_view local, const AddressRules& rules);

// An address in parts; views into it.
struct AddressParts {
    std::string_view local;
    std::string_view domain;
    bool has_domain = false;
};
AddressParts split_address(std::string_view address);

// All keys of `kinds` for `address`, which is in internal form. A local part that needs quotation
// marks is tried with them first, then as it is.
std::vector<Key> address_keys(std::string_view address, std::uint8_t kinds,
                              const AddressRules& rules);

// The domain, then its parents: ".b.c", ".c" for a.b.c, or "b.c", "c" without dots.
std::vector<Key> domain_keys(std::string_view domain, bool parents_without_dot);

// A local part with quotation marks if RFC 5322 section 3.2.4 wants them.
std::string quote_local_part(std::string_view local);

// The first value that one of the keys has, and the key. `is_local` says whether the address is of
// this host: local-part keys are skipped otherwise.
struct Hit {
    std::string value;
    Key key;
};
base::Task<base::Result<std::optional<Hit>>> find_first(const Maps& maps, std::vector<Key> all,
                                                        bool is_local);

} // namespace table
