// SPDX-License-Identifier: Apache-2.0
// From a destination to the hosts that take its mail (RFC 5321 section 5.1, RFC 7505): mail
// exchangers by preference, their addresses, and nobody who would send the mail back to us.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "lib/config/own_addresses.h"
#include "lib/delivery/destination.h"
#include "lib/delivery/resolver.h"
#include "lib/event/notice.h"
#include "lib/net/address.h"

namespace delivery {

struct Host {
    std::string name;
    net::Address address; // With the port.
    std::uint16_t preference = 0;
    bool best = false; // No other exchanger of the domain is better.
};

// Why a destination is of no use: status code and text, as the log shows them. Empty: no trouble.
struct Trouble {
    std::string dsn;
    std::string text;

    bool temporary() const { return !dsn.starts_with('5'); }
    bool operator==(const Trouble&) const = default;
};

struct HostList {
    std::vector<Host> hosts; // In the order in which they are to be tried.
    Trouble trouble;         // When there are none.
    bool loops = false;      // The trouble is that mail would come back to us.
};

// How to look for hosts; smtp_* parameters.
struct LookupSettings {
    enum class Prefer : std::uint8_t { Any, Ipv4, Ipv6 };

    bool use_mx = true;
    bool use_dns = true;     // smtp_host_lookup has dns.
    bool use_native = false; // smtp_host_lookup has native.
    bool ipv4 = true;
    bool ipv6 = true;
    Prefer prefer = Prefer::Any;
    bool balance = true;
    bool shuffle = true;
    bool ignore_mx_error = false;
    bool defer_without_mx_address = false;
    bool detect_loops = true;      // At port 25.
    std::size_t address_limit = 5; // 0: no limit.
};

// Mail exchangers of one domain whose addresses are looked up, at most: what a hostile zone can
// cost us.
inline constexpr std::size_t exchanger_limit = 20;

class HostFinder {
public:
    // The references outlive the object.
    HostFinder(events::Loop& loop, const LookupSettings& settings, Resolver& resolver,
               const config::OwnAddresses& own)
        : loop_(loop), settings_(settings), resolver_(resolver), own_(own),
          random_(std::random_device{}())
    {
    }

    // `destination` is no UNIX socket.
    base::Task<HostList> find(Destination destination);

private:
    struct Found { // Of one exchanger.
        std::vector<Host> hosts;
        Trouble trouble;
    };
    base::Task<void> find_by_mx(const Destination& destination, std::string domain, HostList& list);
    base::Task<void> take_exchangers(const Destination& destination,
                                     std::vector<ipc::resolver::Record> records, HostList& list);
    base::Task<void> find_host(const Destination& destination, std::string name, HostList& list);
    base::Task<void> add_addresses(Host host, Found& to);
    base::Task<void> add_aside(Host host, Found& to, events::Notice& done);
    bool is_own(const Destination& destination, const net::Address& address) const;
    void drop_own(const Destination& destination, unsigned best_preference, HostList& list) const;
    void order(std::vector<Host>& hosts);
    void balance(std::vector<Host>& hosts) const;

    events::Loop& loop_;
    const LookupSettings settings_;
    Resolver& resolver_;
    const config::OwnAddresses& own_;
    std::minstd_rand random_;
};

// The ASCII form of an internationalised domain (RFC 5890); empty when it has none.
std::string to_ascii_domain(std::string_view domain);

// True for a name that may be looked up as a host: letters, digits, hyphens and underscores in
// labels of 1 to 63 bytes, 253 in all, and not only digits in the last one.
bool is_host_name(std::string_view name);

} // namespace delivery
