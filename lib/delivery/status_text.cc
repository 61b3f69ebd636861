// SPDX-License-Identifier: Apache-2.0
// Texts with status codes; see status_text.h.
#include "lib/delivery/status_text.h"

#include "lib/base/strings.h"
#include "lib/mail/status_code.h"

namespace delivery {

StatusText split_status(std::string_view text, std::string_view otherwise)
{
    text = base::trim(text);
    const std::size_t length = mail::status_code_length(text);
    if (length == 0)
        return {std::string(otherwise), std::string(text)};
    StatusText split{std::string(text.substr(0, length)), {}};
    split.dsn[0] = otherwise[0];
    split.text = base::trim_left(text.substr(length));
    return split;
}

} // namespace delivery
