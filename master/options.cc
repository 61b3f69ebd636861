// SPDX-License-Identifier: Apache-2.0
// Options of master; see options.h.
#include "master/options.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace master {

static constexpr const char* usage = "usage: master [-Ddikstvw] [-c config_dir] [-e exit_time]";

static std::string absolute(const std::string& path)
{
    std::error_code code;
    auto made = std::filesystem::absolute(path, code);
    return code ? path : made.lexically_normal().string();
}

static bool take(Options& options, int letter)
{
    switch (letter) {
    case 'c': options.config_directory = optarg; return true;
    case 'd':
    case 's': options.foreground = true; return true;
    case 'e': {
        auto seconds = base::parse_int<int>(optarg);
        options.exit_after = seconds.value_or(0);
        return seconds && *seconds > 0;
    }
    case 'i': options.init = options.foreground = true; return true;
    case 'k': options.check = true; return true;
    case 't': options.test = true; return true;
    case 'v': options.verbose = true; return true;
    case 'D':
    case 'w': return true; // We always return when ready; debuggers attach by themselves.
    }
    return false;
}

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    const char* environment = std::getenv("MAIL_CONFIG");
    options.config_directory = environment != nullptr ? environment : DEFAULT_CONFIG_DIRECTORY;
    optind = 1;
    for (int letter; (letter = ::getopt(argc, argv, "c:de:iDkstvw")) != -1;)
        if (!take(options, letter))
            return base::permanent(usage);
    if (optind != argc)
        return base::permanent(usage);
    options.config_directory = absolute(options.config_directory);
    while (options.config_directory.size() > 1 && options.config_directory.back() == '/')
        options.config_directory.pop_back();
    return options;
}

} // namespace master
