// SPDX-License-Identifier: Apache-2.0
// Whether strangers could relay through this host: by asking our server from an address that is not
// local, and by looking at who counts as local. The way round through address translation is the
// treacherous one: there every client comes from the translator's own address.
#include <algorithm>

#include "lib/net/network.h"
#include "lib/table/match_list.h"
#include "lib/table/tables.h"
#include "tools/doctor/dialogue.h"
#include "tools/doctor/listeners.h"
#include "tools/doctor/looks.h"

namespace doctor {

namespace {

// Reserved names (RFC 2606), which cannot be destinations of ours.
constexpr std::string_view probe_sender = "relay-test@example.net";
constexpr std::string_view probe_recipient = "relay-test@example.com";
constexpr std::string_view any_address = "192.0.2.1"; // Of documentation (RFC 5737).
constexpr std::size_t most_probes = 6;
constexpr unsigned widest_public_ipv4 = 16; // A larger public network is hardly all one's own.
constexpr unsigned widest_public_ipv6 = 32;

struct Probe {
    net::Address server;
    net::Address source;
};

// As a command asks: a table in a database is opened by this process.
table::Settings asking(const Examination& examination)
{
    return {.main = &examination.main};
}

base::Task<bool> is_local(const table::MatchList& networks, net::Address address)
{
    auto matched = co_await networks.match("unknown", address.host());
    co_return !matched || *matched; // In doubt no stranger, so that no wrong alarm comes of it.
}

// Pairs of a listener and an own address that is not local.
base::Task<std::vector<Probe>> find_probes(const Examination& examination)
{
    table::Tables tables(asking(examination));
    table::MatchList networks(tables, {"mynetworks", table::ListKind::Hosts, false},
                              local_networks(examination));
    std::vector<Probe> probes;
    for (const net::Address& server : smtp_listeners(examination)) {
        for (const auto& interface : examination.machine.interfaces) {
            if (probes.size() == most_probes || interface.address.family() != server.family() ||
                interface.address.is_loopback() != server.is_loopback())
                continue;
            bool local = co_await is_local(networks, interface.address);
            if (!local)
                probes.push_back({server, interface.address});
        }
    }
    co_return probes;
}

base::Task<Finding> try_relaying(const Examination& examination, Probe probe)
{
    std::string who =
        base::cat(probe.source.host(), " at ", probe.server.host(), " port ", probe.server.port());
    auto opened = co_await Dialogue::open(examination.loop, probe.server, examination.deadline(),
                                          probe.source);
    if (!opened)
        co_return Finding{Level::Skipped, base::cat(who, ": ", opened.error().text)};
    Dialogue& dialogue = **opened;
    auto reply = co_await dialogue.reply(examination.deadline());
    const std::string lines[] = {base::cat("EHLO ", examination.common.myhostname()),
                                 base::cat("MAIL FROM:<", probe_sender, ">"),
                                 base::cat("RCPT TO:<", probe_recipient, ">")};
    for (const std::string& line : lines) {
        if (!reply || reply->reply_class() != 2)
            break;
        reply = co_await dialogue.command(line, examination.deadline());
    }
    if (!reply)
        co_return Finding{Level::Skipped, base::cat(who, ": ", reply.error().text)};
    Finding finding{Level::Ok, base::cat(who, " may not relay: ", reply->one_line())};
    if (reply->reply_class() == 2)
        finding = {
            Level::Problem,
            base::cat(who, " may relay: RCPT TO:<", probe_recipient, "> got ", reply->one_line()),
            "anybody can send mail through this host; it will soon be on every block list",
            "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"};
    co_await dialogue.quit(examination.deadline());
    co_return finding;
}

unsigned bits_of(std::string_view network)
{
    auto slash = network.rfind('/');
    unsigned bits = 0;
    for (char c : slash == std::string_view::npos ? "128" : network.substr(slash + 1))
        bits = base::is_digit(c) ? bits * 10 + static_cast<unsigned>(c - '0') : bits;
    return bits;
}

// A network that holds more of the Internet than one site has.
bool is_too_wide(std::string_view element)
{
    auto network = net::Network::parse(element);
    if (!network)
        return false;
    std::string text = network->to_string();
    bool ipv6 = text.front() == '[';
    auto first = net::Address::parse(ipv6 ? text.substr(1, text.find(']') - 1)
                                          : text.substr(0, text.find('/')));
    if (!first || bits_of(text) >= (ipv6 ? widest_public_ipv6 : widest_public_ipv4))
        return false;
    return bits_of(text) == 0 || is_global(*first);
}

void judge_width(const std::vector<std::string>& elements, Findings& findings)
{
    for (const std::string& element : elements)
        if (is_too_wide(element))
            findings.push_back(
                {Level::Problem,
                 base::cat("mynetworks has ", element, ", which is not your network"),
                 "all of it may send mail through this host",
                 "list in mynetworks only networks whose hosts you run"});
}

} // namespace

base::Task<void> look_at_relaying(const Examination& examination, Findings& findings)
{
    if (!examination.machine.master_pid) {
        findings.push_back({Level::Skipped, "the mail system is not running"});
        co_return;
    }
    auto probes = co_await find_probes(examination);
    for (const Probe& probe : probes) {
        Finding finding = co_await try_relaying(examination, probe);
        findings.push_back(std::move(finding));
    }
    if (probes.empty())
        findings.push_back({Level::Skipped,
                            "every address of this host is in mynetworks, so none of them can play "
                            "the stranger",
                            {},
                            "try from a host outside: MAIL, then RCPT to a domain that is not "
                            "yours, must be refused"});
}

base::Task<void> look_at_networks(const Examination& examination, Findings& findings)
{
    auto elements = local_networks(examination);
    judge_width(elements, findings);
    table::Tables tables(asking(examination));
    table::MatchList networks(tables, {"mynetworks", table::ListKind::Hosts, false}, elements);
    std::string address(any_address);
    auto asked = co_await networks.match("unknown", address);
    if (!asked)
        findings.push_back({Level::Problem,
                            base::cat("mynetworks cannot be asked: ", asked.error().text),
                            "clients get a temporary refusal as long as it is so",
                            "postmap -q asks a table by hand and tells what is wrong"});
    for (const net::Address& gateway : examination.machine.gateways) {
        bool local = co_await is_local(networks, gateway);
        if (local && !is_global(gateway))
            findings.push_back(
                {Level::Warning, base::cat("the gateway ", gateway.host(), " is in mynetworks"),
                 "where it translates addresses, every client of the Internet comes from it, and "
                 "may relay",
                 "leave it out: put !" + gateway.host() + " before its network in mynetworks"});
    }
    if (findings.empty())
        findings.push_back(
            {Level::Ok, "mynetworks has no network that is too wide, and no gateway"});
}

} // namespace doctor
