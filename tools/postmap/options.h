// SPDX-License-Identifier: Apache-2.0
// The command line of postmap and postalias.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"

namespace postmap {

struct Options {
    bool alias = false; // Called as postalias.
    bool headers = false;
    bool body = false;
    bool mime = false; // -m: headers of parts, too.
    bool fold = true;
    bool base64_files = false;
    bool incremental = false;
    bool nul = true;
    bool keep_privileges = false; // -o
    bool default_mode = false;    // -p
    bool replace = false;         // -r
    bool ignore_duplicates = false;
    bool list = false; // -s
    bool utf8 = true;
    bool query = false;
    bool remove = false;
    std::string key; // Of -q or -d; "-": from standard input.
    std::string config_directory;
    std::vector<std::string> tables; // "type:name" or a file name.
};

base::Result<Options> parse_options(int argc, char** argv);

} // namespace postmap
