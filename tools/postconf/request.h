// SPDX-License-Identifier: Apache-2.0
// What an argument of postconf -M, -F or -P asks for: "service[/type[/attribute]][=value]", where
// "*" stands for any service, type or attribute.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/config/master_cf.h"

namespace postconf {

struct Request {
    std::string text; // As given.
    std::string service = "*";
    std::string type;            // Empty when the argument has none; any will do then.
    std::string attribute = "*"; // A column for -F, a parameter for -P.
    std::optional<std::string> value;

    bool matches(const config::ServiceEntry& entry) const;
    bool wants(std::string_view name) const { return attribute == "*" || attribute == name; }
};

// `parts` is how many parts there may be: 2 for -M, 3 for -F and -P. The old form service.type is
// taken too.
Request read_request(std::string_view argument, int parts);

} // namespace postconf
