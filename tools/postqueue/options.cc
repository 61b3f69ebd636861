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

namespace postqueue {

namespace {

constexpr std::string_view usage = "usage: postqueue -f | postqueue -i queueid | postqueue -j | "
                                   "postqueue -p | postqueue -s site";

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

base::Result<void> check_argument(const Options& options)
{
    if (options.action == Action::FlushMessage && !mail::is_queue_id(options.argument))
        return base::permanent(base::cat("Cannot flush queue ID - invalid name: \"",
                                         options.argument.substr(0, 100), "\""));
    if (options.action == Action::FlushSite && !is_site(options.argument))
        return base::permanent(base::cat("Cannot flush mail queue - invalid destination: \"",
                                         options.argument.substr(0, 100), "\""));
    return {};
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
    for (int letter; (letter = ::getopt(argc, argv, "+c:fi:jps:v")) != -1;) {
        if (letter == 'c')
            options.config_directory = optarg;
        else if (letter == 'v')
            options.verbose = true;
        else {
            const auto action = action_of(letter);
            if (!action || asked)
                return base::permanent(std::string(usage));
            asked = action;
            options.argument = optarg == nullptr ? "" : optarg;
        }
    }
    const bool is_mailq = argc > 0 && base::base_name(argv[0]) == "mailq";
    if (optind < argc || (!asked && !is_mailq))
        return base::permanent(std::string(usage));
    options.action = asked.value_or(Action::ShowTable);
    if (auto checked = check_argument(options); !checked)
        return checked.error();
    return options;
}

} // namespace postqueue
