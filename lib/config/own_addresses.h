// SPDX-License-Identifier: Apache-2.0
// The network addresses of this host: those that mail to user@[address] may name, and those that
// mynetworks is made from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/config/main_cf.h"
#include "lib/net/address.h"

namespace config {

struct CommonParams;

struct Interface {
    net::Address address;
    unsigned bits = 0; // Of its network.
};

// What the system has now; without link-local IPv6 scope. Empty when it cannot be asked.
std::vector<Interface> system_interfaces();

class OwnAddresses {
public:
    struct Rules {
        std::vector<std::string> inet_interfaces;  // all, loopback-only, addresses, host names
        std::vector<std::string> proxy_interfaces; // addresses
        std::vector<std::string> inet_protocols;   // all, ipv4, ipv6
    };
    OwnAddresses() = default;
    // Host names are looked up now, and may block: build it at start. Names that have no address
    // are told in `faults`.
    OwnAddresses(const Rules& rules, const std::vector<Interface>& interfaces, Faults& faults);

    // Of this host, or of a proxy in front of it.
    bool has(const net::Address& address) const;
    // Of this host itself.
    const std::vector<Interface>& interfaces() const { return own_; }

    // The value of mynetworks for a style (host, subnet, class), as main.cf would have it.
    base::Result<std::string> networks(std::string_view style) const;

private:
    std::vector<Interface> own_;
    std::vector<net::Address> proxies_;
};

// This host's addresses by its parameters, for a daemon that starts. What cannot be found of them
// is a warning in the log.
OwnAddresses own_addresses(const CommonParams& common);

// The value of mynetworks for "STYLE;INET_INTERFACES;INET_PROTOCOLS", which is how main.cf's
// default asks; empty when the style is none.
std::string own_networks(std::string_view rules);

} // namespace config
