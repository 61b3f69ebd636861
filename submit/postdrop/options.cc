// SPDX-License-Identifier: Apache-2.0
// The command line of postdrop; see options.h.
#include "submit/postdrop/options.h"

#include <unistd.h>

namespace postdrop {

base::Result<Options> parse_options(int argc, char** argv)
{
    static constexpr const char* usage = "usage: postdrop [-c config_dir] [-rv]";
    Options options;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt(argc, argv, "+c:rv")) != -1;) {
        switch (letter) {
        case 'c': options.config_directory = optarg; break;
        case 'r': options.answer = true; break;
        case 'v': options.verbose = true; break;
        default: return base::permanent(usage);
        }
    }
    if (optind < argc)
        return base::permanent(usage);
    return options;
}

} // namespace postdrop
