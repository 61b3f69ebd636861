// SPDX-License-Identifier: Apache-2.0
// The command line of master. The letters are Postfix's.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace master {

struct Options {
    std::string config_directory; // -c, else MAIL_CONFIG, else the built-in one; absolute.
    bool foreground = false;      // -d, -s: stays in the foreground.
    bool init = false;            // -i: also takes in orphans; we are process 1.
    bool test = false;            // -t: only says, by its exit status, that no master runs.
    bool check = false;           // -k: only checks the configuration.
    bool verbose = false;         // -v
    int exit_after = 0;           // -e SECONDS, for tests. 0: never.
};

base::Result<Options> parse_options(int argc, char** argv);

} // namespace master
