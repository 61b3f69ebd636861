// SPDX-License-Identifier: Apache-2.0
// Whether mail can leave this host, and what DNS lists say of its addresses.
#include <algorithm>

#include "lib/delivery/destination.h"
#include "lib/delivery/hosts.h"
#include "tools/doctor/dialogue.h"
#include "tools/doctor/looks.h"
#include "tools/doctor/words.h"

namespace doctor {

namespace {

using ipc::resolver::Status;
using ipc::resolver::Type;

constexpr std::uint16_t smtp_port = 25;

// What connecting to one destination came to.
struct Reach {
    bool found = false; // Names and addresses were.
    bool connected = false;
    std::string text; // "gmail.com: connect to ...: Connection timed out"
};

base::Task<Reach> reach(const Examination& examination, std::string text)
{
    auto destination = delivery::parse_destination(text, smtp_port, false);
    if (!destination)
        co_return Reach{false, false, base::cat(text, ": ", destination.error().text)};
    delivery::LookupSettings lookup;
    lookup.ipv6 = false; // One way out is enough; IPv6 has a check of its own.
    lookup.detect_loops = false;
    config::OwnAddresses none;
    delivery::HostFinder finder(examination.loop, lookup, examination.resolver, none);
    auto list = co_await finder.find(*destination);
    if (list.hosts.empty())
        co_return Reach{false, false, base::cat(text, ": ", list.trouble.text)};
    const delivery::Host& host = list.hosts.front();
    std::string where =
        base::cat(text, ": ", host.name, "[", host.address.host(), "]:", host.address.port());
    auto opened = co_await Dialogue::open(examination.loop, host.address, examination.deadline(),
                                          std::nullopt);
    if (!opened)
        co_return Reach{true, false, base::cat(where, ": ", opened.error().text)};
    auto greeting = co_await (*opened)->reply(examination.deadline());
    if (!greeting)
        co_return Reach{true, false, base::cat(where, ": ", greeting.error().text)};
    std::string said = greeting->one_line();
    co_await (*opened)->quit(examination.deadline());
    co_return Reach{true, true, base::cat(where, ": ", said)};
}

base::Task<void> look_at_relayhost(const Examination& examination, Findings& findings)
{
    std::string relayhost = examination.value("relayhost");
    Reach reached = co_await reach(examination, relayhost);
    if (reached.connected)
        findings.push_back({Level::Ok, base::cat("relayhost ", reached.text)});
    else
        findings.push_back({Level::Problem, base::cat("relayhost ", reached.text),
                            "all mail to other hosts waits for it",
                            "ask who runs it, or correct relayhost"});
}

// What it means that none of the servers was reached.
Finding judge_failures(const std::string& failures, bool found)
{
    if (failures.empty())
        return {Level::Skipped, "doctor_outbound_hosts is empty"};
    if (!found)
        return {Level::Problem, base::cat("no server was found: ", failures),
                "the name service does not know the Internet",
                "look at resolver_servers, and at /etc/resolv.conf"};
    return {Level::Problem, base::cat("no server was reached: ", failures),
            "the provider of this host's network blocks port 25, or there is no way out",
            "ask the provider to open it, or send through a relay: relayhost = "
            "[relay.provider.example]:587"};
}

base::Task<Finding> ask_list(const Examination& examination, std::string list, net::Address address)
{
    auto answer = co_await examination.resolver.query(reversed_name(address, list), Type::A);
    std::string subject = base::cat(address.host(), " on ", list);
    if (answer.status == Status::NoDomain || answer.status == Status::NoData)
        co_return Finding{Level::Ok, base::cat(address.host(), " is not on ", list)};
    if (answer.status != Status::Ok)
        co_return Finding{Level::Skipped, base::cat(subject, ": no answer")};
    // RFC 5782 2.1: listings are addresses of 127/8; 127.255/16 says that we may not ask.
    for (const auto& record : answer.records)
        if (record.data.starts_with("127.") && !record.data.starts_with("127.255."))
            co_return Finding{
                Level::Problem, base::cat(subject, ": listed as ", record.data),
                "servers that use this list refuse our mail",
                base::cat("find and stop the cause, then ask ", list, " for removal")};
    co_return Finding{Level::Skipped,
                      base::cat(subject, ": the list does not answer questions from here")};
}

} // namespace

base::Task<void> look_at_outbound(const Examination& examination, Findings& findings)
{
    if (!examination.value("relayhost").empty()) {
        co_await look_at_relayhost(examination, findings);
        co_return;
    }
    std::string failures;
    bool found = false;
    for (const std::string& host : examination.params.outbound_hosts()) {
        Reach reached = co_await reach(examination, host);
        if (reached.connected) {
            findings.push_back({Level::Ok, reached.text});
            co_return;
        }
        found = found || reached.found;
        base::append(failures, failures.empty() ? "" : "; ", reached.text);
    }
    findings.push_back(judge_failures(failures, found));
}

base::Task<void> look_at_dns_lists(const Examination& examination, Findings& findings)
{
    auto addresses = examination.public_addresses();
    for (const net::Address& address : addresses)
        for (const std::string& list : examination.params.dns_lists()) {
            Finding finding = co_await ask_list(examination, list, address);
            findings.push_back(std::move(finding));
        }
    if (findings.empty())
        findings.push_back({Level::Skipped, "no public address, or no list, to ask about"});
}

} // namespace doctor
