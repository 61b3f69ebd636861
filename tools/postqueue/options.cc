// SPDX-License-Identifier: Apache-2.0
// Options of postqueue; see options.h.
#include "tools/postqueue/options.h"

#include <algorithm>
#include <optional>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/mail/queue_id.h"
#include "lib/net/address.h"
#include "lib/search/command_line.h"

namespace postqueue {

namespace {

constexpr std::string_view usage =
    "usage: postqueue -f | postqueue -i queueid | postqueue -j | postqueue -p | postqueue -s site "
    "| postqueue --count | postqueue --group-by field | postqueue --why subject";

// What the long options without a letter of their own are returned as.
enum Long : int { count_option = 256, group_option, why_option, json_option, dry_run_option };

constexpr std::size_t host_name_limit = 255;
constexpr std::size_t label_limit = 63;

std::optional<Action> action_of(int letter)
{
    switch (letter) {
    case 'p': return Action::ShowTable;
    case 'j': return Action::ShowJson;
    case 'f': return Action::FlushAll;
    case 'i': return Action::FlushMessage;
    case 's': return Action::FlushSite;
    case count_option: return Action::Count;
    case group_option: return Action::Group;
    case why_option: return Action::Why;
    }
    return std::nullopt;
}

bool is_label(std::string_view label)
{
    const auto good = [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; };
    return !label.empty() && label.size() <= label_limit && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), good);
}

bool is_host_name(std::string_view name)
{
    if (name.empty() || name.size() > host_name_limit || name.ends_with('.'))
        return false;
    const bool numeric = name.find_first_not_of("0123456789.") == std::string_view::npos;
    while (!name.empty())
        if (!is_label(base::cut(name, '.')))
            return false;
    return !numeric;
}

const option* long_options()
{
    static const std::vector<option> table = [] {
        std::vector<option> rows = {
            {"list", no_argument, nullptr, 'p'},
            {"flush", no_argument, nullptr, 'f'},
            {"count", no_argument, nullptr, count_option},
            {"group-by", required_argument, nullptr, group_option},
            {"why", required_argument, nullptr, why_option},
            {"json", no_argument, nullptr, json_option},
            {"dry-run", no_argument, nullptr, dry_run_option},
        };
        search::add_term_options(rows);
        rows.push_back({nullptr, 0, nullptr, 0});
        return rows;
    }();
    return table.data();
}

// Options that say how, not what. False: it is none of them.
bool take_manner(Options& options, int letter)
{
    switch (letter) {
    case 'c': options.config_directory = optarg; return true;
    case 'v': options.verbose = true; return true;
    case json_option: options.json = true; return true;
    case dry_run_option: options.dry_run = true; return true;
    }
    return search::take_term(letter, optarg, options.terms);
}

base::Error quoted(std::string_view what, std::string_view value)
{
    return base::permanent(base::cat(what, ": \"", base::printable(value.substr(0, 100)), "\""));
}

// Which actions filters, and a dry run, have a meaning for.
bool takes_filter(Action action)
{
    return action != Action::FlushMessage && action != Action::FlushSite && action != Action::Why;
}

base::Result<void> check_combination(const Options& options)
{
    if (!options.terms.empty() && !takes_filter(options.action))
        return base::permanent("filters go with -f, -j, -p, --count and --group-by only");
    if (options.dry_run && options.action != Action::FlushAll)
        return base::permanent("--dry-run goes with -f only");
    const bool site_or_id =
        options.action == Action::FlushMessage || options.action == Action::FlushSite;
    if (options.json && site_or_id)
        return base::permanent("--json goes with what is shown, and with -f");
    auto filter = search::Filter::make(options.terms, {});
    return filter ? base::Result<void>{} : base::Result<void>(filter.error());
}

base::Result<void> check_argument(Options& options)
{
    if (options.action == Action::FlushMessage && !mail::is_queue_id(options.argument))
        return quoted("Cannot flush queue ID - invalid name", options.argument);
    if (options.action == Action::FlushSite && !is_site(options.argument))
        return quoted("Cannot flush mail queue - invalid destination", options.argument);
    const std::size_t length = options.argument.size();
    if (options.action == Action::Why && (length == 0 || length > search::term_value_limit))
        return quoted("--why expects a queue id, an address or a domain", options.argument);
    if (options.action == Action::Group) {
        const auto by = search::group_of_name(options.argument);
        if (!by)
            return quoted("--group-by expects destination, sender, recipient-domain, reason or "
                          "class, not",
                          options.argument);
        options.group_by = *by;
    }
    return check_combination(options);
}

} // namespace

bool is_site(std::string_view site)
{
    if (!site.starts_with('[') || !site.ends_with(']'))
        return is_host_name(site);
    std::string_view inside = site.substr(1, site.size() - 2);
    const bool tagged = base::istarts_with(inside, "ipv6:");
    if (tagged)
        inside.remove_prefix(5);
    const auto address = net::Address::parse(inside);
    return address && (tagged || address->family() == net::Family::Inet);
}

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    std::optional<Action> asked;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter;
         (letter = ::getopt_long(argc, argv, "+c:fi:jps:v", long_options(), nullptr)) != -1;) {
        if (take_manner(options, letter))
            continue;
        const auto action = action_of(letter);
        if (!action || asked)
            return base::permanent(std::string(usage));
        asked = action;
        options.argument = optarg == nullptr ? "" : optarg;
    }
    const bool is_mailq = argc > 0 && base::base_name(argv[0]) == "mailq";
    if (optind < argc || (!asked && !is_mailq))
        return base::permanent(std::string(usage));
    options.action = asked.value_or(Action::ShowTable);
    if (options.json && options.action == Action::ShowTable)
        options.action = Action::ShowJson;
    if (auto checked = check_argument(options); !checked)
        return checked.error();
    return options;
}

} // namespace postqueue
