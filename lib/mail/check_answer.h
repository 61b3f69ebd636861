// SPDX-License-Identifier: Apache-2.0
// What a table of header_checks(5) answers: the word of an action, and text for it.
#pragma once

#include <string>
#include <string_view>

namespace mail {

struct CheckAnswer {
    std::string_view action; // As written; case does not matter.
    std::string_view text;   // Without blanks before it; may be empty.
};
// Views into `answer`.
CheckAnswer read_check_answer(std::string_view answer);

// Why `text` cannot take or join the place of a header field or of a line of the body, as Postfix
// warns of it; empty: it can. `action` is PREPEND or REPLACE, `map` the parameter with the table.
std::string why_not_for_place(const CheckAnswer& answer, bool is_header, std::string_view map);

} // namespace mail
