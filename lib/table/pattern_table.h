// SPDX-License-Identifier: Apache-2.0
// regexp: and pcre: tables: rules "/pattern/flags result", tried in order; regexp_table(5) and
// pcre_table(5). Both are matched by PCRE2 with a limit of work, so that no text, whoever wrote it,
// keeps the process from its other clients: a pattern that hits the limit is logged and does not
// match.
#pragma once

#include <memory>

#include "lib/table/source.h"
#include "lib/table/table.h"

namespace table {

// Steps of one match, and kilobytes it may take (pcre2api(3), match and heap limit).
inline constexpr unsigned kMatchSteps = 1'000'000;
inline constexpr unsigned kMatchKilobytes = 20'000;

enum class Dialect : unsigned char {
    Posix, // POSIX extended expressions, or basic ones with the flag x.
    Perl,  // As PCRE2 reads them.
};

// `source` is the text of the table; faulty rules are left out and told in `warnings`.
// `substitute`: $1 in results is allowed.
std::unique_ptr<Table> make_pattern_table(const std::string& name, std::string_view source,
                                          Dialect dialect, bool substitute, Warnings& warnings);

// A POSIX expression in the words of PCRE2: brackets know no escapes, \< and \> are word borders,
// and in basic expressions ( ) { } | + ? are special only behind a backslash.
std::string posix_to_perl(std::string_view expression, bool extended);

} // namespace table
