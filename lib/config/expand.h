// SPDX-License-Identifier: Apache-2.0
// The $ language of main.cf values; its syntax is told at the head of main_cf.h. Knows no file:
// what a name means is asked through Lookup.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace config {

// Limits of one expansion: depth of names within names, bytes of the result, names looked up (a
// chain of empty doublings costs time without growing).
inline constexpr std::size_t kExpansionDepth = 100;
inline constexpr std::size_t kExpansionBytes = 4 << 20;
inline constexpr std::size_t kExpansionLookups = 10'000;

// What a name stands for: a text to expand, and what is done with the result, if anything.
struct Meaning {
    std::string text;
    std::string (*after)(std::string_view expanded) = nullptr;
};

class Lookup {
public:
    virtual ~Lookup() = default;
    // Nothing when the name is not known; it reads as empty then.
    virtual std::optional<Meaning> meaning(std::string_view name) const = 0;
    // The name's value becomes part of the result, as in $name and ${name}: it is not only tested.
    virtual void used(std::string_view /*name*/) const {}
};

// An expansion that failed tells in `culprit` the name whose text is wrong; empty when it is the
// text given.
base::Result<std::string> expand(std::string_view text, const Lookup& lookup, std::string& culprit);

// The names that `text` refers to in any branch, in order of appearance. What follows a syntax
// error is not looked at.
std::vector<std::string> referenced_names(std::string_view text);

} // namespace config
