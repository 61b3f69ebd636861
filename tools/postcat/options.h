// SPDX-License-Identifier: Apache-2.0
// The command line of postcat.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace postcat {

struct Options {
    bool envelope = false;   // -e
    bool header = false;     // -h
    bool body = false;       // -b
    bool types = false;      // -d: decimal record types
    bool offsets = false;    // -o
    bool file_names = false; // -f: before every line
    bool search = false;     // -q: names are queue ids
    bool file_order = false; // -r
    bool verbose = false;
    std::uint64_t from = 0; // -s: nothing before this offset
    std::string config_directory;
    std::vector<std::string> files; // None: standard input.
};

// Without -b, -e and -h, all three are on. Errors are about usage; `argv[0]` is named in them.
base::Result<Options> parse_options(int argc, char** argv);

} // namespace postcat
