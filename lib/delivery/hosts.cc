// SPDX-License-Identifier: Apache-2.0
// Mail exchangers and their addresses; see hosts.h.
#include "lib/delivery/hosts.h"

#include <algorithm>
#include <idn2.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace delivery {

using base::Task;
using ipc::resolver::Answer;
using ipc::resolver::Record;
using ipc::resolver::Status;
using ipc::resolver::Type;

namespace {

constexpr std::uint16_t smtp_port = 25;

// The text that log readers know. "Host not found" stands for no such domain.
std::string name_service_text(std::string_view name, std::string_view type, Status status)
{
    std::string_view what = "Host not found";
    if (status == Status::NoData)
        what = "Host found but no data record of requested type";
    else if (status == Status::TemporaryFailure || status == Status::Bogus)
        what = "Host not found, try again";
    return base::cat("Host or domain name not found. Name service error for name=", name,
                     " type=", type, ": ", what);
}

bool is_temporary(Status status)
{
    return status == Status::TemporaryFailure || status == Status::Bogus;
}

Trouble loop_trouble(std::string_view name)
{
    return {"5.4.6", base::cat("mail for ", name, " loops back to myself")};
}

} // namespace

std::string to_ascii_domain(std::string_view domain)
{
    if (base::is_ascii(domain))
        return std::string(domain);
    std::string text(domain);
    char* found = nullptr;
    const int code = ::idn2_to_ascii_8z(text.c_str(), &found, IDN2_NONTRANSITIONAL);
    std::string ascii = code == IDN2_OK && found != nullptr ? found : "";
    if (found != nullptr)
        ::idn2_free(found);
    return ascii;
}

bool is_host_name(std::string_view name)
{
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (name.empty() || name.size() > 253)
        return false;
    bool all_digits = true;
    std::size_t label = 0;
    for (char c : name) {
        if (c == '.' && label == 0)
            return false;
        if (c != '.' && c != '-' && c != '_' && !base::is_alnum(c))
            return false;
        all_digits = c == '.' || (all_digits && base::is_digit(c));
        label = c == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    return label > 0 && !all_digits;
}

Task<HostList> HostFinder::find(Destination destination)
{
    HostList list;
    if (auto numeric = net::Address::parse(destination.host, destination.port)) {
        list.hosts.push_back({destination.host, *numeric, 0, true});
        drop_own(destination, 0, list);
        co_return list;
    }
    std::string domain = to_ascii_domain(destination.host);
    if (!is_host_name(domain)) {
        list.trouble = {"5.4.4", name_service_text(destination.host, "MX", Status::NoDomain)};
        co_return list;
    }
    if (settings_.use_mx && !destination.enclosed)
        co_await find_by_mx(destination, std::move(domain), list);
    else
        co_await find_host(destination, std::move(domain), list);
    co_return list;
}

Task<void> HostFinder::find_by_mx(const Destination& destination, std::string domain,
                                  HostList& list)
{
    Answer answer = co_await resolver_.query(domain, Type::MX);
    if (answer.status == Status::Ok && !answer.records.empty()) {
        co_await take_exchangers(destination, std::move(answer.records), list);
        co_return;
    }
    if (is_temporary(answer.status) && !settings_.ignore_mx_error) {
        list.trouble = {"4.4.3", name_service_text(domain, "MX", answer.status)};
        co_return;
    }
    co_await find_host(destination, std::move(domain), list);
}

// A name that cannot be a host's: empty (the null MX of RFC 7505), an address, too long.
static bool is_malformed(const Record& record)
{
    return !is_host_name(record.data) || net::Address::parse(record.data).has_value();
}

Task<void> HostFinder::take_exchangers(const Destination& destination, std::vector<Record> records,
                                       HostList& list)
{
    const bool null_mx = std::all_of(records.begin(), records.end(), [](const Record& record) {
        return record.data.empty() || record.data == ".";
    });
    if (null_mx) {
        list.trouble = {"5.1.10",
                        base::cat("Domain ", destination.host, " does not accept mail (nullMX)")};
        co_return;
    }
    std::erase_if(records, is_malformed);
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.preference < b.preference; });
    if (records.empty()) {
        list.trouble = {
            "5.4.4", base::cat("no MX host for ", destination.host, " has a valid address record")};
        co_return;
    }
    if (records.size() > exchanger_limit)
        records.resize(exchanger_limit);
    const unsigned best = records.front().preference;
    std::vector<Found> found(records.size());
    {
        events::Notice done(loop_);
        base::Scope together;
        for (std::size_t i = 0; i < records.size(); ++i) {
            Host host{std::move(records[i].data), {}, records[i].preference, false};
            host.best = host.preference == best;
            together.spawn(add_aside(std::move(host), found[i], done));
        }
        while (!together.empty())
            co_await done.wait();
    }
    for (Found& one : found) {
        std::move(one.hosts.begin(), one.hosts.end(), std::back_inserter(list.hosts));
        // Doubt is temporary: one exchanger that may be there outweighs those that are not.
        if (list.trouble.dsn.empty() || (one.trouble.temporary() && !one.trouble.dsn.empty()))
            list.trouble = std::move(one.trouble);
    }
    if (list.hosts.empty() && settings_.defer_without_mx_address)
        list.trouble.dsn = "4.4.4";
    for (Host& host : list.hosts)
        host.address.set_port(destination.port);
    if (list.hosts.empty())
        co_return;
    list.trouble = {};
    drop_own(destination, best, list);
    order(list.hosts);
}

Task<void> HostFinder::find_host(const Destination& destination, std::string name, HostList& list)
{
    Found found;
    Host asked{std::move(name), {}, 0, true};
    co_await add_addresses(std::move(asked), found);
    list.hosts = std::move(found.hosts);
    list.trouble = std::move(found.trouble);
    for (Host& host : list.hosts)
        host.address.set_port(destination.port);
    if (list.hosts.empty())
        co_return;
    list.trouble = {};
    drop_own(destination, 0, list);
    order(list.hosts);
}

Task<void> HostFinder::add_aside(Host host, Found& to, events::Notice& done)
{
    co_await add_addresses(std::move(host), to);
    done.notify();
}

// Adds a host once for each of its addresses. Nothing added: the trouble says why.
Task<void> HostFinder::add_addresses(Host host, Found& to)
{
    ipc::resolver::HostQuery query{host.name, settings_.ipv4, settings_.ipv6, settings_.use_native};
    Answer answer = co_await resolver_.host(std::move(query));
    for (const Record& record : answer.records)
        if (auto address = net::Address::parse(record.data))
            to.hosts.push_back({host.name, *address, host.preference, host.best});
    if (!to.hosts.empty())
        co_return;
    const std::string_view type = settings_.ipv6 ? "AAAA" : "A";
    const Status status = answer.status == Status::Ok ? Status::NoData : answer.status;
    to.trouble.dsn = is_temporary(status) ? "4.4.3" : "5.4.4";
    to.trouble.text = name_service_text(host.name, type, status);
}

// Whatever inet_interfaces says, a domain whose mail goes to the address every host calls itself
// by, or to the one that means "any of ours", leads here. An administrator who names such a host
// means it, and other loopback addresses (127.0.0.2) are somebody's on purpose.
bool HostFinder::is_own(const Destination& destination, const net::Address& address) const
{
    const bool named = destination.enclosed || net::Address::parse(destination.host);
    const std::string text = address.host();
    const bool myself = text == "127.0.0.1" || text == "::1" || text == "::ffff:127.0.0.1";
    return address.is_any() || (myself && !named) || own_.has(address);
}

// RFC 5321 5.1: if we are one of the exchangers, only better ones are of use.
void HostFinder::drop_own(const Destination& destination, unsigned best_preference,
                          HostList& list) const
{
    if (!settings_.detect_loops || destination.port != smtp_port)
        return;
    unsigned own = 65536;
    for (const Host& host : list.hosts)
        if (is_own(destination, host.address))
            own = std::min<unsigned>(own, host.preference);
    if (own > 65535)
        return;
    unsigned best_found = 65536;
    for (const Host& host : list.hosts)
        best_found = std::min<unsigned>(best_found, host.preference);
    std::erase_if(list.hosts, [own](const Host& host) { return host.preference >= own; });
    if (!list.hosts.empty())
        return;
    list.loops = best_found == best_preference;
    list.trouble =
        list.loops
            ? loop_trouble(destination.host)
            : Trouble{"4.4.4", base::cat("unable to find primary relay for ", destination.host)};
}

void HostFinder::order(std::vector<Host>& hosts)
{
    if (settings_.shuffle)
        std::shuffle(hosts.begin(), hosts.end(), random_);
    const auto late = [this](const Host& host) {
        const bool six = host.address.family() == net::Family::Inet6;
        return (settings_.prefer == LookupSettings::Prefer::Ipv4 && six) ||
               (settings_.prefer == LookupSettings::Prefer::Ipv6 && !six);
    };
    std::stable_sort(hosts.begin(), hosts.end(), [&](const Host& a, const Host& b) {
        return a.preference != b.preference ? a.preference < b.preference : late(a) < late(b);
    });
    if (settings_.balance)
        balance(hosts);
    if (settings_.address_limit > 0 && hosts.size() > settings_.address_limit)
        hosts.erase(hosts.begin() + static_cast<std::ptrdiff_t>(settings_.address_limit),
                    hosts.end());
}

// When the addresses within the limit are all of one family and there are others, the last place
// goes to the first of those: one family may not work from here.
void HostFinder::balance(std::vector<Host>& hosts) const
{
    const std::size_t limit = settings_.address_limit;
    if (limit < 2 || hosts.size() <= limit)
        return;
    const auto end = hosts.begin() + static_cast<std::ptrdiff_t>(limit);
    const net::Family family = hosts.front().address.family();
    const auto is_other = [family](const Host& h) { return h.address.family() != family; };
    if (std::any_of(hosts.begin(), end, is_other))
        return;
    const auto other = std::find_if(end, hosts.end(), is_other);
    if (other != hosts.end())
        std::iter_swap(end - 1, other);
}

} // namespace delivery
