// SPDX-License-Identifier: Apache-2.0
// The command line of qshape.
#pragma once

#include "lib/base/result.h"
#include "tools/qshape/shape.h"

namespace qshape {

struct Options {
    Layout layout;
    bool senders = false; // Count senders instead of recipients.
    unsigned batch = 0;   // Show what is known after so many messages; 0: at the end only.
    std::string config_directory;
    std::vector<std::string> queues = {"incoming", "active"}; // Names, or absolute paths.
};

// `terminal`: the output goes to one. Errors hold the usage.
base::Result<Options> parse_options(int argc, char** argv, bool terminal);

} // namespace qshape
