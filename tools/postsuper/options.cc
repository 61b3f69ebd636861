// SPDX-License-Identifier: Apache-2.0
// Options of postsuper; see options.h.
#include "tools/postsuper/options.h"

#include <algorithm>
#include <optional>
#include <unistd.h>

#include "lib/base/strings.h"

namespace postsuper {

namespace {

constexpr std::string_view usage =
    "usage: postsuper [-c config_dir] [-d queue_id (delete)] [-e queue_id (expire)] "
    "[-f queue_id (expire and/or un-hold)] [-h queue_id (hold)] [-H queue_id (un-hold)] "
    "[-p (purge temporary files)] [-r queue_id (requeue)] [-s (structure fix)] "
    "[-S (redundant structure fix)][-v (verbose)] [queue...]";

struct Letter {
    int letter;
    Action action;
};
constexpr Letter letters[] = {
    {'r', Action::Requeue},       {'d', Action::Delete}, {'e', Action::Expire},
    {'f', Action::ExpireRelease}, {'h', Action::Hold},   {'H', Action::Release},
};

constexpr std::string_view log_queues[] = {"bounce", "defer", "flush", "trace"};

base::Result<void> take_flag(Options& options, int letter)
{
    switch (letter) {
    case 'p': options.purge = true; return {};
    case 's':
    case 'S': options.structure = true; return {};
    case 'v': options.verbose = true; return {};
    case 'c':
        options.config_directory = optarg;
        if (!options.config_directory.starts_with('/'))
            return base::permanent("-c requires absolute pathname");
        return {};
    }
    const auto* found = std::find_if(std::begin(letters), std::end(letters),
                                     [=](const Letter& row) { return row.letter == letter; });
    if (found == std::end(letters))
        return base::permanent(std::string(usage));
    options.ids[static_cast<std::size_t>(found->action)].emplace_back(optarg);
    return {};
}

base::Result<void> take_queue(Options& options, std::string_view name)
{
    options.queues_named = true;
    if (std::find(std::begin(log_queues), std::end(log_queues), name) != std::end(log_queues))
        return {};
    const auto queue = queue::queue_of_name(name);
    if (!queue || *queue == queue::Queue::Corrupt)
        return base::permanent(base::cat("invalid directory name: ", name));
    options.queues.push_back(*queue);
    return {};
}

bool has_ids(const Options& options)
{
    return std::any_of(options.ids.begin(), options.ids.end(),
                       [](const auto& ids) { return !ids.empty(); });
}

} // namespace

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt(argc, argv, "+c:d:e:f:h:H:pr:sSv")) != -1;)
        if (auto taken = take_flag(options, letter); !taken)
            return taken.error();
    for (int i = optind; i < argc; ++i)
        if (auto taken = take_queue(options, argv[i]); !taken)
            return taken.error();
    if (!has_ids(options) && !options.purge && !options.structure)
        options.purge = options.structure = true;
    return options;
}

} // namespace postsuper
