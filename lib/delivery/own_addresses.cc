// SPDX-License-Identifier: Apache-2.0
// This host's own addresses; see own_addresses.h.
#include "lib/delivery/own_addresses.h"

#include <algorithm>
#include <ifaddrs.h>
#include <netdb.h>

#include "lib/base/strings.h"

namespace delivery {

OwnAddresses::OwnAddresses(const std::vector<std::string>& inet_interfaces,
                           const std::vector<std::string>& proxy_interfaces)
{
    for (const std::string& name : inet_interfaces) {
        const bool loopback = base::iequals(name, "loopback-only");
        if (loopback || base::iequals(name, "all"))
            add_interfaces(loopback);
        else
            add_named(name);
    }
    listed_ = own_;
    for (const std::string& name : proxy_interfaces)
        add_named(name);
}

void OwnAddresses::add_interfaces(bool loopback_only)
{
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
        return;
    for (const ifaddrs* at = first; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr)
            continue;
        const int family = at->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6)
            continue;
        const auto size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
        net::Address address = net::Address::from_sockaddr(at->ifa_addr, size);
        if (!loopback_only || address.is_loopback())
            own_.push_back(address);
    }
    ::freeifaddrs(first);
}

void OwnAddresses::add_named(const std::string& name)
{
    std::string_view bare = name;
    if (bare.starts_with('[') && bare.ends_with(']'))
        bare = bare.substr(1, bare.size() - 2);
    if (const auto numeric = net::Address::parse(bare)) {
        own_.push_back(*numeric);
        return;
    }
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* first = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &wanted, &first) != 0)
        return;
    for (const addrinfo* at = first; at != nullptr; at = at->ai_next)
        own_.push_back(net::Address::from_sockaddr(at->ai_addr, at->ai_addrlen));
    ::freeaddrinfo(first);
}

bool OwnAddresses::contains(const net::Address& address) const
{
    return address.is_loopback() || address.is_any() ||
           std::any_of(own_.begin(), own_.end(), [&](const net::Address& own) {
               return own.bytes() == address.bytes();
           });
}

std::optional<net::Address> OwnAddresses::only(net::Family family) const
{
    std::optional<net::Address> found;
    for (const net::Address& address : listed_) {
        if (address.family() != family)
            continue;
        if (found)
            return std::nullopt;
        found = address;
    }
    if (found && found->is_loopback())
        return std::nullopt;
    return found;
}

} // namespace delivery
