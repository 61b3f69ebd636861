// SPDX-License-Identifier: Apache-2.0
// Tables that replace addresses: canonical(5) one by one, virtual(5) by any number, again and again
// until nothing is left to replace.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/route/destinations.h"

namespace route {

// The addresses of a table's value, "a@b, c, \"d e\"@f": in internal form, completed by `rewriter`.
// A part that holds no address is left out.
std::vector<std::string> parse_address_list(std::string_view text, const Rewriter& rewriter);

// One step: what `maps` replaces `address` with, or nothing. "@domain" as a result keeps the local
// part. With `propagate`, an extension that was not part of the key is put on the results.
base::Task<base::Result<std::optional<std::vector<std::string>>>>
map_address(const Destinations& destinations, const table::Maps& maps, std::string address,
            bool propagate);

// canonical(5): the first of the results, or the address itself. Errors are temporary.
base::Task<base::Result<std::string>> map_one(const Destinations& destinations,
                                              const table::Maps& maps, std::string address,
                                              bool propagate);

class AliasExpander {
public:
    // Opens virtual_alias_maps; `destinations` outlives it.
    AliasExpander(table::Tables& tables, const Destinations& destinations);

    // All recipients that `recipient` stands for, each once; itself when it is no alias. Too deep,
    // too many, too long: a temporary error that says which, as the log shows it.
    base::Task<base::Result<std::vector<std::string>>> expand(std::string recipient) const;

    const table::Maps& maps() const { return maps_; }

private:
    base::Task<base::Result<void>> expand_one(std::vector<std::string>& all, std::size_t at) const;
    base::Error unreasonable(std::string_view what, std::string_view address) const;

    const Destinations& destinations_;
    table::Maps maps_;
    bool propagate_ = false;
};

// Whether propagate_unmatched_extensions lists a kind of table: "canonical", "virtual", "alias"...
bool propagates(const config::RouteParams& params, std::string_view kind);

} // namespace route
