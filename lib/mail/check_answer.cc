// SPDX-License-Identifier: Apache-2.0
// Answers of tables of header_checks(5); see check_answer.h.
#include "lib/mail/check_answer.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/header.h"

namespace mail {

CheckAnswer read_check_answer(std::string_view answer)
{
    const std::size_t length = std::min(answer.find_first_of(" \t"), answer.size());
    return {answer.substr(0, length), base::trim_left(answer.substr(length))};
}

std::string why_not_for_place(const CheckAnswer& answer, bool is_header, std::string_view map)
{
    const std::string action = base::upper(answer.action);
    if (answer.text.empty())
        return base::cat(action, " action without text in ", map, " map");
    if (is_header && header_name_length(answer.text) == 0)
        return base::cat("bad ", action, " header text \"", answer.text, "\" in ", map,
                         " map -- need \"headername: headervalue\"");
    return {};
}

} // namespace mail
