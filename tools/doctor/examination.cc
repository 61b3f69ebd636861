// SPDX-License-Identifier: Apache-2.0
// The table of checks, and running them; see examination.h.
#include "tools/doctor/examination.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>

#include "lib/event/notice.h"
#include "lib/net/network.h"
#include "lib/table/tables.h"
#include "tools/doctor/looks.h"

namespace doctor {

namespace {

constexpr Check table[] = {
    {"system", false, look_at_processes},
    {"configuration", false, look_at_configuration},
    {"host name", false, look_at_names},
    {"greeting", false, look_at_greeting},
    {"relay", false, look_at_relaying},
    {"networks", false, look_at_networks},
    {"queue", false, look_at_queue},
    {"disk", false, look_at_disk},
    {"permissions", false, look_at_permissions},
    {"jails", false, look_at_jails},
    {"clock", false, look_at_clock},
    {"certificates", false, look_at_certificates},
    {"backup", false, look_at_backup},
    {"ipv6", false, look_at_ipv6},
    {"addresses", true, look_at_addresses},
    {"mx", true, look_at_exchangers},
    {"spf", true, look_at_spf},
    {"dkim", true, look_at_dkim},
    {"dmarc", true, look_at_dmarc},
    {"mta-sts", true, look_at_mta_sts},
    {"outbound", true, look_at_outbound},
    {"dns lists", true, look_at_dns_lists},
};

// Blocks of IPv4 and IPv6 that are not of the Internet (RFC 6890, RFC 6598).
constexpr std::string_view special_blocks[] = {
    "0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/128",
    "::1/128",         "fc00::/7",       "fe80::/10",     "ff00::/8",       "2001:db8::/32",
};

constexpr std::string_view private_suffixes[] = {
    "localhost", "localdomain", "local",     "internal", "invalid",
    "test",      "example",     "home.arpa", "lan",
};

bool ends_in_domain(std::string_view name, std::string_view domain)
{
    if (name.size() < domain.size() ||
        !base::iequals(name.substr(name.size() - domain.size()), domain))
        return false;
    return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

base::Task<void> run_one(const Examination& examination, const Check& check, Section& section,
                         std::size_t& left, events::Notice& done)
{
    if (check.outside && !examination.outside)
        section.findings.push_back(
            {Level::Skipped, "asks other hosts; not looked at without --network"});
    else
        co_await check.look(examination, section.findings);
    if (--left == 0)
        done.notify();
}

void add_name(std::vector<std::string>& names, std::string_view name)
{
    std::string folded = base::lower(name);
    if (is_public_name(folded) && std::find(names.begin(), names.end(), folded) == names.end())
        names.push_back(std::move(folded));
}

} // namespace

std::span<const Check> checks()
{
    return table;
}

std::vector<net::Address> default_gateways(std::string_view routes)
{
    std::vector<net::Address> found;
    for (std::string_view line : base::split(routes, "\n")) {
        auto words = base::split(line, "\t ");
        if (words.size() < 3 || words[1] != "00000000" || words[2].size() != 8)
            continue;
        std::string hex(words[2]);
        char* end = nullptr;
        in_addr address{};
        address.s_addr = static_cast<in_addr_t>(std::strtoul(hex.c_str(), &end, 16));
        char text[INET_ADDRSTRLEN] = {};
        if (*end != '\0' || address.s_addr == 0 ||
            ::inet_ntop(AF_INET, &address, text, sizeof text) == nullptr)
            continue;
        if (auto parsed = net::Address::parse(text))
            found.push_back(*parsed);
    }
    return found;
}

bool is_global(const net::Address& address)
{
    for (std::string_view block : special_blocks) {
        auto network = net::Network::parse(block);
        if (network && network->contains(address))
            return false;
    }
    return true;
}

bool is_public_name(std::string_view name)
{
    if (name.find('.') == std::string_view::npos || net::Address::parse(name))
        return false;
    return std::none_of(std::begin(private_suffixes), std::end(private_suffixes),
                        [&](std::string_view suffix) { return ends_in_domain(name, suffix); });
}

std::string Examination::value(std::string_view name) const
{
    auto expanded = main.expanded(name);
    return expanded ? *expanded : std::string{};
}

std::vector<net::Address> Examination::public_addresses() const
{
    std::vector<net::Address> found;
    auto add = [&](const net::Address& address) {
        if (is_global(address) && std::find(found.begin(), found.end(), address) == found.end())
            found.push_back(address);
    };
    for (const auto& interface : machine.interfaces)
        add(interface.address);
    for (const std::string& text : params.public_addresses())
        if (auto address = net::Address::parse(text))
            add(*address);
    return found;
}

std::vector<std::string> Examination::own_domains() const
{
    std::vector<std::string> names;
    const std::vector<std::string>* lists[] = {
        &route.mydestination(), &route.virtual_mailbox_domains(), &route.virtual_alias_domains(),
        &route.relay_domains()};
    add_name(names, common.myorigin());
    for (const auto* list : lists)
        for (const std::string& element : *list)
            if (element.find_first_of(":/!") == std::string::npos && element.front() != '.')
                add_name(names, element);
    return names;
}

base::Task<Sections> examine(const Examination& examination)
{
    Sections sections;
    for (const Check& check : checks())
        sections.push_back({std::string(check.name), {}});
    std::size_t left = sections.size();
    events::Notice done(examination.loop);
    base::Scope scope;
    for (std::size_t i = 0; i < sections.size(); ++i)
        scope.spawn(run_one(examination, checks()[i], sections[i], left, done));
    while (left > 0)
        co_await done.wait();
    co_return sections;
}

} // namespace doctor
