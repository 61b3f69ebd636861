// SPDX-License-Identifier: Apache-2.0
// Texts that may begin with an enhanced status code (RFC 3463): "5.1.1 User unknown".
#pragma once

#include <string>
#include <string_view>

namespace delivery {

struct StatusText {
    std::string dsn;
    std::string text;
    bool operator==(const StatusText&) const = default;
};

// Cuts the code off; `otherwise` is the code of texts without one. The class of the code becomes
// that of `otherwise`: the service decides whether mail is returned, not the text.
StatusText split_status(std::string_view text, std::string_view otherwise);

} // namespace delivery
