// SPDX-License-Identifier: Apache-2.0
// This host's own addresses: those mail must not be sent to, because it would come back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/net/address.h"

namespace delivery {

class OwnAddresses {
public:
    OwnAddresses() = default;
    // As inet_interfaces and proxy_interfaces say. Looks up host names by the system's means: for
    // the start of a process. Names that cannot be found are left out.
    OwnAddresses(const std::vector<std::string>& inet_interfaces,
                 const std::vector<std::string>& proxy_interfaces);

    void add(const net::Address& address) { own_.push_back(address); }

    // One of ours, any loopback address, or the address that means "any of ours".
    bool contains(const net::Address& address) const;

    // The one address of that family which inet_interfaces names, if it names exactly one.
    std::optional<net::Address> only(net::Family family) const;

private:
    void add_interfaces(bool loopback_only);
    void add_named(const std::string& name);

    std::vector<net::Address> own_;
    std::vector<net::Address> listed_;
};

} // namespace delivery
