// SPDX-License-Identifier: Apache-2.0
// The command line of postconf; see options.h.
#include "tools/postconf/options.h"

#include <algorithm>
#include <getopt.h>

#include "lib/base/strings.h"
#include "lib/config/lines.h"

namespace postconf {

namespace {

constexpr char kUsage[] =
    "usage: postconf [-aAbdefFhHlmMnpPtvxX#] [-c config_dir] [-C class] [-o name=value] "
    "[-T property] [--check] [name...]";

struct Switch {
    char letter;
    bool Options::*flag;
};
constexpr Switch kSwitches[] = {
    {'d', &Options::defaults},    {'n', &Options::explicit_only}, {'e', &Options::edit},
    {'#', &Options::comment_out}, {'X', &Options::remove},        {'f', &Options::fold},
    {'h', &Options::hide_names},  {'H', &Options::hide_values},   {'x', &Options::expand},
};

struct ActionSwitch {
    int letter;
    Action action;
};
constexpr ActionSwitch kActions[] = {
    {'M', Action::Services},     {'F', Action::Fields},      {'P', Action::Overrides},
    {'m', Action::TableTypes},   {'l', Action::LockTypes},   {'a', Action::ServerLogins},
    {'A', Action::ClientLogins}, {'T', Action::TlsProperty}, {'p', Action::Parameters},
    {'b', Action::NoticeTexts},  {'t', Action::Templates},   {1, Action::Check},
    {2, Action::Manual},
};

// Pairs of switches that contradict each other.
struct Conflict {
    bool Options::*one;
    bool Options::*other;
    const char* letters;
};
constexpr Conflict kConflicts[] = {
    {&Options::defaults, &Options::explicit_only, "-d -n"},
    {&Options::defaults, &Options::edit, "-d -e"},
    {&Options::edit, &Options::explicit_only, "-e -n"},
    {&Options::edit, &Options::comment_out, "-e -#"},
    {&Options::edit, &Options::remove, "-e -X"},
    {&Options::comment_out, &Options::remove, "-# -X"},
    {&Options::hide_names, &Options::hide_values, "-h -H"},
};

base::Result<void> take(Options& options, int letter)
{
    for (const Switch& known : kSwitches) {
        if (known.letter == letter) {
            options.*known.flag = true;
            return {};
        }
    }
    for (const ActionSwitch& known : kActions) {
        if (known.letter == letter)
            options.action = known.action;
    }
    std::string_view name;
    std::string_view value;
    std::string why;
    switch (letter) {
    case 'c': options.directory = optarg; break;
    case 'C': options.classes = optarg; break;
    case 'T': options.program = optarg; break;
    case 2:
        if (optarg != nullptr) {
            options.action = Action::ManualSection;
            options.program = optarg;
        }
        break;
    case 'o':
        if (!config::split_assignment(optarg, name, value, why))
            return base::permanent(base::cat(why, ": \"", optarg, "\""));
        options.overrides.emplace_back(name, value);
        break;
    case '?': return base::permanent(kUsage);
    }
    return {};
}

base::Result<void> check(const Options& options)
{
    for (const Conflict& conflict : kConflicts) {
        if (options.*conflict.one && options.*conflict.other)
            return base::permanent(base::cat("specify one of ", conflict.letters));
    }
    bool services = options.action == Action::Services;
    if (services && (options.hide_names || options.hide_values))
        return base::permanent(
            base::cat("with option -M, do not specify ", options.hide_names ? "-h" : "-H"));
    bool master =
        services || options.action == Action::Fields || options.action == Action::Overrides;
    if (master && (options.defaults || options.explicit_only))
        return base::permanent(base::cat("with options -M, -F and -P, do not specify ",
                                         options.defaults ? "-d" : "-n"));
    if (options.action == Action::Fields && (options.comment_out || options.remove))
        return base::permanent("with option -F, do not specify -# or -X");
    if (options.action == Action::Overrides && options.comment_out)
        return base::permanent("with option -P, do not specify -#");
    if (options.changes() && options.arguments.empty())
        return base::permanent(base::cat(options.edit ? "-e requires name=value argument"
                                                      : "-# and -X require a name argument"));
    return {};
}

} // namespace

base::Result<Options> read_options(int argc, char** argv, const char* environment_directory)
{
    constexpr option long_options[] = {{"check", no_argument, nullptr, 1},
                                       {"man", optional_argument, nullptr, 2},
                                       {nullptr, 0, nullptr, 0}};
    Options options;
    options.directory = environment_directory ? environment_directory : DEFAULT_CONFIG_DIRECTORY;
    int letter = 0;
    ::opterr = 0; // The usage line says enough.
    while ((letter = ::getopt_long(argc, argv, "aAbc:C:deEfFhHjlmMno:pPqtT:vxX#", long_options,
                                   nullptr)) != -1) {
        if (auto taken = take(options, letter); !taken)
            return taken.error();
    }
    options.arguments.assign(argv + optind, argv + argc);
    bool assigns = std::any_of(options.arguments.begin(), options.arguments.end(),
                               [](const std::string& a) { return a.find('=') != a.npos; });
    options.edit = options.edit || assigns;
    if (auto good = check(options); !good)
        return good.error();
    if (options.action == Action::Parameters && options.changes())
        options.action = Action::EditMain;
    return options;
}

} // namespace postconf
