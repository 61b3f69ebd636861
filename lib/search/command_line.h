// SPDX-License-Identifier: Apache-2.0
// The long options by which postqueue and postsuper say which messages are meant: --sender, ... one
// for each term of a filter.
#pragma once

#include <getopt.h>
#include <vector>

#include "lib/search/filter.h"

namespace search {

// The values that getopt_long returns for them; others of the caller lie below.
inline constexpr int term_option = 1000;

// Appends a row for each kind of term to a table for getopt_long.
void add_term_options(std::vector<option>& table);

// Takes what getopt_long returned; false when it was no such option.
bool take_term(int code, const char* argument, std::vector<Term>& terms);

// How a term is given, as a list for usage lines.
std::string term_usage();

} // namespace search
