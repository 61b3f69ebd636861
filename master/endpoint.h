// SPDX-License-Identifier: Apache-2.0
// Where a service listens: one socket each. Made from a line of master.cf, inet_interfaces and
// inet_protocols; nothing is bound here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/config/master_cf.h"
#include "lib/net/address.h"

namespace master {

struct Endpoint {
    enum class Kind : unsigned char { Inet, Stream, Datagram };
    Kind kind = Kind::Stream;
    net::Address address;  // Inet.
    std::string path;      // Others; relative to the queue directory.
    bool optional = false; // Left out when the machine has no such address: ::1 of "localhost".

    // One text per socket of this system: "inet:[127.0.0.1]:25", "unix:public/qmgr".
    std::string key() const;
};

// The machine's view of names; a fake in tests.
struct Names {
    std::function<std::vector<net::Address>(const std::string& host)> addresses;
    std::function<int(const std::string& service)> port; // 0: unknown.
};
Names system_names();

struct InetSettings {
    std::vector<std::string> interfaces; // inet_interfaces
    std::vector<std::string> protocols;  // inet_protocols
};

// The sockets of `entry`, at least one unless inet_interfaces is empty. Faults are added and tell
// the entry's line.
std::vector<Endpoint> endpoints_of(const config::ServiceEntry& entry, const InetSettings& inet,
                                   const Names& names, config::Faults& faults);

} // namespace master
