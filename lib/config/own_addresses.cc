// SPDX-License-Identifier: Apache-2.0
// Own addresses; see own_addresses.h.
#include "lib/config/own_addresses.h"

#include <algorithm>
#include <bit>
#include <ifaddrs.h>
#include <netdb.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/params/common.h"
#include "lib/net/network.h"

namespace config {

static unsigned count_bits(std::string_view mask)
{
    unsigned bits = 0;
    for (char c : mask)
        bits += static_cast<unsigned>(std::popcount(static_cast<unsigned char>(c)));
    return bits;
}

static socklen_t size_of(const sockaddr* address)
{
    return address->sa_family == AF_INET ? 16 : 28; // sockaddr_in, sockaddr_in6
}

std::vector<Interface> system_interfaces()
{
    std::vector<Interface> found;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return found;
    for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr || at->ifa_netmask == nullptr ||
            (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
            continue;
        Interface one;
        one.address = net::Address::from_sockaddr(at->ifa_addr, size_of(at->ifa_addr));
        auto mask = net::Address::from_sockaddr(at->ifa_netmask, size_of(at->ifa_addr));
        one.bits = count_bits(mask.bytes());
        found.push_back(one);
    }
    ::freeifaddrs(list);
    return found;
}

// All numeric addresses of a host name or address.
static std::vector<net::Address> addresses_of(const std::string& host)
{
    std::string_view numeric = host;
    if (numeric.size() > 2 && numeric.front() == '[')
        numeric = numeric.substr(1, numeric.size() - 2);
    if (auto address = net::Address::parse(numeric))
        return {*address};
    std::vector<net::Address> found;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0)
        return found;
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next)
        found.push_back(net::Address::from_sockaddr(at->ai_addr, at->ai_addrlen));
    ::freeaddrinfo(list);
    return found;
}

static bool has_word(const std::vector<std::string>& list, std::string_view word)
{
    return std::any_of(list.begin(), list.end(),
                       [word](const auto& element) { return base::iequals(element, word); });
}

static bool in_use(const net::Address& address, const std::vector<std::string>& protocols)
{
    if (protocols.empty() || has_word(protocols, "all"))
        return true;
    return has_word(protocols, address.family() == net::Family::Inet ? "ipv4" : "ipv6");
}

static unsigned network_bits(const net::Address& address, const std::vector<Interface>& interfaces)
{
    for (const auto& one : interfaces)
        if (one.address.bytes() == address.bytes())
            return one.bits;
    return static_cast<unsigned>(address.bytes().size()) * 8;
}

OwnAddresses::OwnAddresses(const Rules& rules, const std::vector<Interface>& interfaces,
                           Faults& faults)
{
    for (const auto& name : rules.inet_interfaces) {
        bool all = base::iequals(name, "all");
        if (all || base::iequals(name, "loopback-only")) {
            std::copy_if(interfaces.begin(), interfaces.end(), std::back_inserter(own_),
                         [all](const auto& one) { return all || one.address.is_loopback(); });
            continue;
        }
        auto addresses = addresses_of(name);
        if (addresses.empty())
            add_fault(faults, {.warning = true,
                               .text = base::cat("inet_interfaces: host not found: ", name)});
        for (const auto& address : addresses)
            own_.push_back({address, network_bits(address, interfaces)});
    }
    std::erase_if(own_,
                  [&](const auto& one) { return !in_use(one.address, rules.inet_protocols); });
    for (const auto& name : rules.proxy_interfaces)
        for (const auto& address : addresses_of(name))
            proxies_.push_back(address);
}

bool OwnAddresses::has(const net::Address& address) const
{
    auto same = [&](const net::Address& own) { return own.bytes() == address.bytes(); };
    return std::any_of(own_.begin(), own_.end(),
                       [&](const auto& one) { return same(one.address); }) ||
           std::any_of(proxies_.begin(), proxies_.end(), same);
}

// The network bits of an IPv4 address before there were masks (RFC 791 section 3.2).
static unsigned class_bits(const net::Address& address)
{
    auto first = static_cast<unsigned char>(address.bytes().front());
    return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 32;
}

base::Result<std::string> OwnAddresses::networks(std::string_view style) const
{
    bool subnet = base::iequals(style, "subnet");
    bool by_class = base::iequals(style, "class");
    if (!subnet && !by_class && !base::iequals(style, "host"))
        return base::permanent(base::cat("bad mynetworks_style: \"", style,
                                         "\": must be one of: host, subnet, class"));
    std::vector<std::string> networks;
    for (const auto& one : own_) {
        bool ipv4 = one.address.family() == net::Family::Inet;
        unsigned bits = static_cast<unsigned>(one.address.bytes().size()) * 8;
        if (ipv4 && (one.address.is_loopback() || by_class))
            bits = class_bits(one.address);
        else if (subnet || by_class)
            bits = one.bits;
        auto text = net::Network::of(one.address, bits).to_string();
        if (std::find(networks.begin(), networks.end(), text) == networks.end())
            networks.push_back(std::move(text));
    }
    std::string all;
    for (const auto& network : networks)
        base::append(all, all.empty() ? "" : " ", network);
    return all;
}

OwnAddresses own_addresses(const CommonParams& common)
{
    Faults faults;
    OwnAddresses own({common.inet_interfaces(), common.proxy_interfaces(), common.inet_protocols()},
                     system_interfaces(), faults);
    for (const Fault& fault : faults)
        base::Log{}.warning(fault.to_string());
    return own;
}

std::string own_networks(std::string_view rules)
{
    std::string why;
    std::string_view style = base::cut(rules, ';');
    OwnAddresses::Rules own;
    List::parse(base::cut(rules, ';'), own.inet_interfaces, why);
    List::parse(rules, own.inet_protocols, why);
    if (own.inet_interfaces.empty())
        own.inet_interfaces = {"all"};
    Faults faults; // Told by those who listen there.
    return OwnAddresses(own, system_interfaces(), faults).networks(style).value_or("");
}

} // namespace config
