// SPDX-License-Identifier: Apache-2.0
// The commands of postfix(1), as a table. Texts are Postfix's, literally, because scripts look for
// them.
#pragma once

#include <string>
#include <vector>

namespace postfix {

struct Options {
    std::string config_directory; // Absolute.
    bool verbose = false;
    std::vector<std::string> words; // The command and its arguments.
};

// Reads -c, -D, -v. On a mistake `problem` tells what.
Options parse_options(int argc, char** argv, std::string& problem);

// Runs the command; the exit status.
int run(const Options& options);

} // namespace postfix
