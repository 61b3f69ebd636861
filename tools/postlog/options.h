// SPDX-License-Identifier: Apache-2.0
// The command line of postlog(1).
#pragma once

#include <string>

#include "lib/base/log.h"
#include "lib/base/result.h"

namespace postlog {

struct Options {
    std::string config_directory; // Empty: MAIL_CONFIG or the built-in one.
    std::string tag;              // -t; empty: MAIL_LOGTAG, else "postlog".
    base::LogLevel level = base::LogLevel::Info;
    std::string text; // The arguments joined by blanks; empty: lines of standard input.
    bool has_text = false;
};

base::Result<Options> parse_options(int argc, char** argv);

// "warn" and its synonyms; error: one line that lists them.
base::Result<base::LogLevel> parse_priority(std::string_view word);

} // namespace postlog
