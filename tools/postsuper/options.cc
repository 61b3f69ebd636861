// SPDX-License-Identifier: Apache-2.0
// Options of postsuper; see options.h.
#include "tools/postsuper/options.h"

#include <algorithm>
#include <optional>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/search/command_line.h"

namespace postsuper {

namespace {

constexpr std::string_view usage =
    "usage: postsuper [-c config_dir] [-d queue_id (delete)] [-e queue_id (expire)] "
    "[-f queue_id (expire and/or un-hold)] [-h queue_id (hold)] [-H queue_id (un-hold)] "
    "[-p (purge temporary files)] [-r queue_id (requeue)] [-s (structure fix)] "
    "[-S (redundant structure fix)][-v (verbose)] [queue...]";

// What the long options are returned as.
constexpr int matching_option = 256; // And the action.
enum Long : int { all_option = 300, dry_run_option, json_option, redirect_option };

const option* long_options()
{
    const auto of = [](Action action) { return matching_option + static_cast<int>(action); };
    static const std::vector<option> table = [&] {
        std::vector<option> rows = {
            {"requeue", no_argument, nullptr, of(Action::Requeue)},
            {"delete", no_argument, nullptr, of(Action::Delete)},
            {"expire", no_argument, nullptr, of(Action::Expire)},
            {"expire-now", no_argument, nullptr, of(Action::ExpireRelease)},
            {"hold", no_argument, nullptr, of(Action::Hold)},
            {"redirect", required_argument, nullptr, redirect_option},
            {"release", no_argument, nullptr, of(Action::Release)},
            {"all", no_argument, nullptr, all_option},
            {"dry-run", no_argument, nullptr, dry_run_option},
            {"json", no_argument, nullptr, json_option},
        };
        search::add_term_options(rows);
        rows.push_back({nullptr, 0, nullptr, 0});
        return rows;
    }();
    return table.data();
}

base::Result<bool> take_redirect(Options& options)
{
    auto address = mail::parse_path(optarg, {.allow_utf8 = true});
    if (!address || mail::domain(*address).empty())
        return base::permanent(base::cat("--redirect expects an address with a domain, not \"",
                                         base::printable(optarg), "\""));
    options.redirect_to = std::move(*address);
    return true;
}

// False: it is no long option.
base::Result<bool> take_long(Options& options, int code)
{
    if (search::take_term(code, optarg, options.terms))
        return true;
    switch (code) {
    case all_option: options.all = true; return true;
    case dry_run_option: options.dry_run = true; return true;
    case json_option: options.json = true; return true;
    case redirect_option: return take_redirect(options);
    }
    const int action = code - matching_option;
    if (action < 0 || action >= static_cast<int>(action_count))
        return false;
    if (options.matching)
        return base::permanent("only one action at a time");
    options.matching = static_cast<Action>(action);
    return true;
}

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
    auto taken = take_long(options, letter);
    if (!taken)
        return taken.error();
    if (*taken)
        return {};
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

// With an action by word, what is no queue's name is a message's.
base::Result<void> take_operand(Options& options, std::string_view name)
{
    if (options.by_word() && !queue::queue_of_name(name)) {
        if (name == "ALL")
            options.all = true;
        else
            options.named.emplace_back(name);
        return {};
    }
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

base::Result<void> check_matching(const Options& options)
{
    const bool details = !options.terms.empty() || options.all || options.dry_run || options.json;
    if (!options.by_word() && details)
        return base::permanent("filters, --all, --dry-run and --json go with --requeue, --delete, "
                               "--expire, --expire-now, --hold, --redirect or --release");
    if (!options.by_word())
        return {};
    if (options.matching && !options.redirect_to.empty())
        return base::permanent("only one action at a time");
    if (has_ids(options) || options.purge || options.structure)
        return base::permanent("an action by word stands alone");
    const int ways =
        (options.terms.empty() ? 0 : 1) + (options.all ? 1 : 0) + (options.named.empty() ? 0 : 1);
    if (ways != 1)
        return base::permanent("which messages: either a filter, or queue ids, or --all");
    auto filter = search::Filter::make(options.terms, {});
    return filter ? base::Result<void>{} : base::Result<void>(filter.error());
}

} // namespace

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt_long(argc, argv, "+c:d:e:f:h:H:pr:sSv", long_options(),
                                             nullptr)) != -1;)
        if (auto taken = take_flag(options, letter); !taken)
            return taken.error();
    for (int i = optind; i < argc; ++i)
        if (auto taken = take_operand(options, argv[i]); !taken)
            return taken.error();
    if (auto checked = check_matching(options); !checked)
        return checked.error();
    if (!options.by_word() && !has_ids(options) && !options.purge && !options.structure)
        options.purge = options.structure = true;
    return options;
}

} // namespace postsuper
