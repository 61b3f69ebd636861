// SPDX-License-Identifier: Apache-2.0
// From master.cf's names to socket addresses; see endpoint.h.
#include "master/endpoint.h"

#include <algorithm>
#include <netdb.h>
#include <netinet/in.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace master {

namespace {

struct KnownPort {
    std::string_view name;
    int port;
};
// For machines, containers mostly, that have no /etc/services.
constexpr KnownPort known_ports[] = {{"smtp", 25},         {"lmtp", 24},         {"smtps", 465},
                                     {"submissions", 465}, {"submission", 587},  {"qmqp", 628},
                                     {"qmqpd", 628},       {"postscreen", 10025}};

int system_port(const std::string& service)
{
    if (const servent* found = ::getservbyname(service.c_str(), "tcp"))
        return ntohs(static_cast<std::uint16_t>(found->s_port));
    for (const auto& known : known_ports)
        if (known.name == service)
            return known.port;
    return 0;
}

std::vector<net::Address> system_addresses(const std::string& host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    std::vector<net::Address> found;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0)
        return found;
    for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
        auto address = net::Address::from_sockaddr(one->ai_addr, one->ai_addrlen);
        if (std::find(found.begin(), found.end(), address) == found.end())
            found.push_back(address);
    }
    ::freeaddrinfo(list);
    return found;
}

class Resolution {
public:
    Resolution(const config::ServiceEntry& entry, const InetSettings& inet, const Names& names,
               config::Faults& faults)
        : entry_(entry), inet_(inet), names_(names), faults_(faults)
    {
    }

    std::vector<Endpoint> inet();

private:
    void fault(std::string text, std::string hint)
    {
        config::add_fault(faults_,
                          {entry_.file, entry_.line, false, std::move(text), std::move(hint)});
    }
    bool uses(net::Family family) const;
    void add(net::Address address, bool optional);
    void add_both(const char* v4, const char* v6);
    void add_host(const std::string& host, bool from_master_cf);
    void add_interface(const std::string& interface);
    int port(const std::string& text);

    const config::ServiceEntry& entry_;
    const InetSettings& inet_;
    const Names& names_;
    config::Faults& faults_;
    int port_ = 0;
    std::vector<Endpoint> made_;
};

bool Resolution::uses(net::Family family) const
{
    std::string_view wanted = family == net::Family::Inet ? "ipv4" : "ipv6";
    return std::any_of(inet_.protocols.begin(), inet_.protocols.end(), [&](const auto& word) {
        return base::iequals(word, "all") || base::iequals(word, wanted);
    });
}

void Resolution::add(net::Address address, bool optional)
{
    if (!uses(address.family()))
        return;
    address.set_port(static_cast<std::uint16_t>(port_));
    Endpoint endpoint{Endpoint::Kind::Inet, address, {}, optional};
    bool known = std::any_of(made_.begin(), made_.end(),
                             [&](const Endpoint& e) { return e.key() == endpoint.key(); });
    if (!known)
        made_.push_back(std::move(endpoint));
}

void Resolution::add_both(const char* v4, const char* v6)
{
    add(*net::Address::parse(v4), false);
    add(*net::Address::parse(v6), true);
}

void Resolution::add_host(const std::string& host, bool from_master_cf)
{
    std::string_view bare = host;
    if (bare.size() > 2 && bare.front() == '[' && bare.back() == ']')
        bare = bare.substr(1, bare.size() - 2);
    std::size_t before = made_.size();
    if (auto literal = net::Address::parse(bare)) {
        add(*literal, false);
        if (made_.size() == before && from_master_cf)
            fault(base::cat("no valid IP address found: ", host),
                  "inet_protocols leaves out this kind of address");
        return;
    }
    auto addresses = names_.addresses(std::string(bare));
    for (const auto& address : addresses)
        add(address, address.family() == net::Family::Inet6);
    if (addresses.empty())
        fault(base::cat("host not found: ", host),
              from_master_cf ? "use an address, or a name that the hosts file has"
                             : "inet_interfaces: use addresses, or names that the hosts file has");
}

void Resolution::add_interface(const std::string& interface)
{
    if (base::iequals(interface, "all"))
        add_both("0.0.0.0", "::");
    else if (base::iequals(interface, "loopback-only"))
        add_both("127.0.0.1", "::1");
    else
        add_host(interface, false);
}

int Resolution::port(const std::string& text)
{
    if (auto number = base::parse_int<int>(text))
        return *number;
    int found = names_.port(text);
    if (found == 0)
        fault(base::cat("unknown service name: ", text), "use the port's number");
    return found;
}

std::vector<Endpoint> Resolution::inet()
{
    auto parsed = config::parse_inet_endpoint(entry_.name);
    if (!parsed)
        return {}; // Told by the reader of master.cf.
    port_ = port(parsed->port);
    if (port_ == 0)
        return {};
    if (!parsed->host.empty())
        add_host(parsed->host, true);
    else
        for (const auto& interface : inet_.interfaces)
            add_interface(interface);
    return std::move(made_);
}

} // namespace

std::string Endpoint::key() const
{
    switch (kind) {
    case Kind::Inet: return base::cat("inet:[", address.host(), "]:", address.port());
    case Kind::Stream: return base::cat("unix:", path);
    case Kind::Datagram: return base::cat("dgram:", path);
    }
    return {};
}

Names system_names()
{
    return {system_addresses, system_port};
}

std::vector<Endpoint> endpoints_of(const config::ServiceEntry& entry, const InetSettings& inet,
                                   const Names& names, config::Faults& faults)
{
    if (entry.type == config::ServiceType::Inet)
        return Resolution{entry, inet, names, faults}.inet();
    auto kind = entry.type == config::ServiceType::UnixDgram ? Endpoint::Kind::Datagram
                                                             : Endpoint::Kind::Stream;
    return {{kind, {}, base::cat(entry.is_private ? "private/" : "public/", entry.name), false}};
}

} // namespace master
