// SPDX-License-Identifier: Apache-2.0
// Enhanced status codes; see status_code.h.
#include "lib/mail/status_code.h"

#include "lib/base/strings.h"

namespace mail {

// One to three digits at the beginning of `text`; their number, or 0.
static std::size_t digits(std::string_view text)
{
    std::size_t count = 0;
    while (count < text.size() && count < 4 && base::is_digit(text[count]))
        ++count;
    return count <= 3 ? count : 0;
}

// RFC 3463 2: class "." subject "." detail.
std::size_t status_code_length(std::string_view text)
{
    if (text.size() < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.')
        return 0;
    const std::size_t subject = digits(text.substr(2));
    if (subject == 0 || text.substr(2 + subject, 1) != ".")
        return 0;
    const std::size_t detail = digits(text.substr(3 + subject));
    const std::size_t length = 3 + subject + detail;
    const bool ends = length == text.size() || base::is_blank(text[length]);
    return detail > 0 && ends ? length : 0;
}

} // namespace mail
