// SPDX-License-Identifier: Apache-2.0
// Options of postlog; see options.h.
#include "tools/postlog/options.h"

#include <cstdlib>
#include <unistd.h>

namespace postlog {

struct Priority {
    std::string_view word;
    base::LogLevel level;
};
static constexpr Priority priorities[] = {
    {"info", base::LogLevel::Info},       {"warn", base::LogLevel::Warning},
    {"warning", base::LogLevel::Warning}, {"error", base::LogLevel::Error},
    {"err", base::LogLevel::Error},       {"fatal", base::LogLevel::Fatal},
    {"crit", base::LogLevel::Fatal},      {"panic", base::LogLevel::Panic},
};

base::Result<base::LogLevel> parse_priority(std::string_view word)
{
    for (const auto& priority : priorities)
        if (base::iequals(priority.word, word))
            return priority.level;
    return base::permanent(
        base::cat("unknown priority: ", word, " (use info, warn, error, fatal or panic)"));
}

static constexpr const char* usage =
    "usage: postlog [-iv] [-c config_dir] [-p priority] [-t tag] [text]";

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    optind = 1;
    for (int letter; (letter = ::getopt(argc, argv, "+c:ip:t:v")) != -1;) {
        switch (letter) {
        case 'c': options.config_directory = optarg; break;
        case 't': options.tag = optarg; break;
        case 'p': {
            auto level = parse_priority(optarg);
            if (!level)
                return level.error();
            options.level = *level;
            break;
        }
        case 'i': // The process id is always shown.
        case 'v': break;
        default: return base::permanent(usage);
        }
    }
    options.has_text = optind < argc;
    for (int i = optind; i < argc; ++i)
        base::append(options.text, i > optind ? " " : "", argv[i]);
    if (const char* tag = std::getenv("MAIL_LOGTAG"); tag != nullptr && options.tag.empty())
        options.tag = tag;
    return options;
}

} // namespace postlog
