// SPDX-License-Identifier: Apache-2.0
// The command line; see options.h.
#include "tools/postmap/options.h"

#include <cstdlib>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace postmap {

static base::Error usage(bool alias)
{
    return base::permanent(
        alias ? "usage: postalias [-fFinNoprsuvw] [-c config_dir] [-d key] [-q key] "
                "[map_type:]file..."
              : "usage: postmap [-bfFhimnNoprsuUvw] [-c config_dir] [-d key] [-q key] "
                "[map_type:]file...");
}

// Letters without an argument. False for one that is not ours.
static bool apply(int letter, Options& options)
{
    switch (letter) {
    case 'b': options.body = true; return !options.alias;
    case 'f': options.fold = false; return true;
    case 'F': options.base64_files = true; return true;
    case 'h': options.headers = true; return !options.alias;
    case 'i': options.incremental = true; return true;
    case 'm': options.mime = true; return !options.alias;
    case 'n': options.nul = false; return true;
    case 'N': options.nul = true; return true;
    case 'o': options.keep_privileges = true; return true;
    case 'p': options.default_mode = true; return true;
    case 'r': options.replace = true; return true;
    case 's': options.list = true; return true;
    case 'u': options.utf8 = false; return true;
    case 'U': return !options.alias;
    case 'v': base::set_log_debug(true); return true;
    case 'w': options.ignore_duplicates = true; return true;
    }
    return false;
}

static base::Result<void> check(const Options& options)
{
    if (options.query + options.remove + options.list > 1)
        return base::permanent("specify only one of -s or -q or -d");
    if ((options.headers || options.body) && (!options.query || options.key != "-"))
        return base::permanent("specify -b -h or -m only with \"-q -\"");
    if (options.mime && !options.headers && !options.body)
        base::Log{}.warning("ignoring -m option without -b or -h");
    if (options.tables.empty())
        return usage(options.alias);
    return {};
}

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    options.alias = base::base_name(argv[0]) == "postalias";
    const char* from_environment = std::getenv("MAIL_CONFIG");
    options.config_directory = from_environment ? from_environment : DEFAULT_CONFIG_DIRECTORY;
    int letter = 0;
    while ((letter = ::getopt(argc, argv, "bc:d:fFhimnNopq:rsuUvw")) != -1) {
        if (letter == 'c') {
            options.config_directory = optarg;
        } else if (letter == 'q' || letter == 'd') {
            if (options.query || options.remove)
                return base::permanent("specify only one of -s or -q or -d");
            (letter == 'q' ? options.query : options.remove) = true;
            options.key = optarg;
        } else if (!apply(letter, options)) {
            return usage(options.alias);
        }
    }
    options.tables.assign(argv + optind, argv + argc);
    auto checked = check(options);
    if (!checked)
        return checked.error();
    return options;
}

} // namespace postmap
