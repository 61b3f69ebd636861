// SPDX-License-Identifier: Apache-2.0
// The command line of postdrop.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace postdrop {

struct Options {
    std::string config_directory;
    bool answer = false; // -r: the result is told on standard output.
    bool verbose = false;
};

// An error's text is for the caller.
base::Result<Options> parse_options(int argc, char** argv);

} // namespace postdrop
