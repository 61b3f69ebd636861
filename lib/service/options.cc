// SPDX-License-Identifier: Apache-2.0
// Daemon options; see options.h.
#include "lib/service/options.h"

#include <string_view>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace service {

namespace {

struct Flag {
    std::string_view letter;
    bool Options::*target;
};
constexpr Flag flags[] = {{"-u", &Options::privileged},
                          {"-c", &Options::chroot},
                          {"-S", &Options::stand_alone},
                          {"-v", &Options::verbose}};

bool take_flag(Options& options, std::string_view argument)
{
    for (const auto& flag : flags) {
        if (flag.letter == argument) {
            options.*flag.target = true;
            return true;
        }
    }
    return false;
}

base::Result<void> take_override(Options& options, std::string_view text)
{
    auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return base::permanent(base::cat("-o ", text, ": missing '=' after the parameter name"));
    options.overrides.emplace_back(base::trim(text.substr(0, equals)),
                                   base::trim(text.substr(equals + 1)));
    return {};
}

base::Result<void> take_number(int& target, std::string_view text)
{
    auto number = base::parse_int<int>(text);
    if (!number || *number < 0)
        return base::permanent(base::cat("bad number: ", text));
    target = *number;
    return {};
}

base::Result<void> take_valued(Options& options, std::string_view letter, std::string_view value)
{
    if (letter == "-o")
        return take_override(options, value);
    if (letter == "-s")
        return take_number(options.listeners, value);
    if (letter == "-l")
        return take_number(options.process_limit, value);
    (letter == "-n" ? options.service_name : options.service_type) = value;
    return {};
}

bool is_valued(std::string_view argument)
{
    return argument == "-o" || argument == "-s" || argument == "-l" || argument == "-n" ||
           argument == "-t";
}

} // namespace

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        std::string_view argument = argv[i];
        if (!argument.starts_with('-')) {
            // The daemon's own: what follows may look like options, and is none of ours.
            options.arguments.insert(options.arguments.end(), argv + i, argv + argc);
            break;
        }
        if (take_flag(options, argument))
            continue;
        if (!is_valued(argument)) {
            options.arguments.emplace_back(argument);
            continue;
        }
        if (i + 1 == argc)
            return base::permanent(base::cat("option ", argument, " needs a value"));
        if (auto taken = take_valued(options, argument, argv[++i]); !taken)
            return taken.error();
    }
    return options;
}

} // namespace service
