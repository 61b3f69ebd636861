// SPDX-License-Identifier: Apache-2.0
// Blocks of rules; see rules.h.
#include "lib/table/rules.h"

#include "lib/base/strings.h"

namespace table {

static bool take(std::string_view& text, std::string_view word)
{
    if (!base::istarts_with(text, word))
        return false;
    if (text.size() > word.size() && base::is_alnum(text[word.size()]))
        return false;
    text = base::trim_left(text.substr(word.size()));
    return true;
}

Word take_word(std::string_view& text)
{
    if (take(text, "endif"))
        return Word::Endif;
    return take(text, "if") ? Word::If : Word::Rule;
}

} // namespace table
