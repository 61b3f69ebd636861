// SPDX-License-Identifier: Apache-2.0
// Where we listen; see listeners.h.
#include "tools/doctor/listeners.h"

#include <algorithm>

#include "lib/config/master_cf.h"
#include "lib/delivery/destination.h"

namespace doctor {

namespace {

constexpr std::size_t most_listeners = 8;

config::OwnAddresses listening_addresses(const Examination& examination)
{
    config::Faults told_elsewhere;
    config::OwnAddresses::Rules rules{
        examination.common.inet_interfaces(), {}, examination.common.inet_protocols()};
    return config::OwnAddresses(rules, examination.machine.interfaces, told_elsewhere);
}

bool has_override(const config::ServiceEntry& service, std::string_view name)
{
    return std::any_of(
        service.overrides.begin(), service.overrides.end(),
        [&](const auto& setting) { return setting.first == name && setting.second == "yes"; });
}

bool speaks_smtp(const config::ServiceEntry& service)
{
    return service.type == config::ServiceType::Inet &&
           (service.command == "smtpd" || service.command == "postscreen") &&
           !has_override(service, "smtpd_tls_wrappermode");
}

} // namespace

std::vector<net::Address> smtp_listeners(const Examination& examination)
{
    std::vector<net::Address> found;
    config::Faults told_elsewhere;
    auto master =
        config::MasterCf::load(examination.main.directory(),
                               config::MasterCf::Defaults::of(examination.main), told_elsewhere);
    if (!master)
        return found;
    auto own = listening_addresses(examination);
    auto add = [&](net::Address address, std::uint16_t port) {
        address.set_port(port);
        if (found.size() < most_listeners &&
            std::find(found.begin(), found.end(), address) == found.end())
            found.push_back(address);
    };
    for (const auto& service : master->entries()) {
        auto endpoint = speaks_smtp(service) ? config::parse_inet_endpoint(service.name)
                                             : base::permanent("not SMTP");
        auto port = endpoint ? delivery::parse_port(endpoint->port) : base::permanent("no port");
        if (!port)
            continue;
        if (auto address = net::Address::parse(endpoint->host); address && !address->is_any())
            add(*address, *port);
        else
            for (const auto& interface : own.interfaces())
                add(interface.address, *port);
    }
    return found;
}

std::vector<std::string> local_networks(const Examination& examination)
{
    std::vector<std::string> elements;
    std::string why;
    if (!config::List::parse(examination.value("mynetworks"), elements, why))
        elements.clear();
    return elements;
}

} // namespace doctor
