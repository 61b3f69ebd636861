// SPDX-License-Identifier: Apache-2.0
// What the world's name service says of this host and its domains: addresses, mail exchangers, and
// the records of SPF, DKIM, DMARC and MTA-STS. All questions go through the resolver service.
#include <algorithm>

#include "tools/doctor/looks.h"
#include "tools/doctor/words.h"

namespace doctor {

namespace {

using ipc::resolver::Answer;
using ipc::resolver::Status;
using ipc::resolver::Type;

constexpr std::size_t most_domains = 50;

bool is_absent(const Answer& answer)
{
    return answer.status == Status::NoData || answer.status == Status::NoDomain;
}

Finding cannot_ask(std::string_view subject, const Answer& answer)
{
    return {Level::Skipped,
            base::cat(subject, ": ",
                      answer.text.empty() ? "no answer of the name service"
                                          : std::string_view(answer.text)),
            {},
            "try again; if it stays so, look at the name servers"};
}

// Texts of `name` that begin with `mark`, in any case.
std::vector<std::string> marked_texts(const Answer& answer, std::string_view mark)
{
    std::vector<std::string> found;
    if (answer.status == Status::Ok)
        for (const auto& record : answer.records)
            if (base::istarts_with(record.data, mark))
                found.push_back(record.data);
    return found;
}

std::vector<std::string> some_domains(const Examination& examination, Findings& findings)
{
    auto domains = examination.own_domains();
    if (domains.size() > most_domains) {
        findings.push_back({Level::Note, base::cat("only the first ", most_domains, " of ",
                                                   domains.size(), " domains are looked at")});
        domains.resize(most_domains);
    }
    if (domains.empty())
        findings.push_back({Level::Note, "main.cf names no domain of the Internet as ours"});
    return domains;
}

base::Task<void> look_at_reverse(const Examination& examination, net::Address address,
                                 Findings& findings)
{
    bool ipv6 = address.family() == net::Family::Inet6;
    std::string host = examination.common.myhostname();
    auto answer = co_await examination.resolver.query(
        reversed_name(address, ipv6 ? "ip6.arpa" : "in-addr.arpa"), Type::PTR);
    std::string cure =
        base::cat("have the owner of the network set the name of ", address.host(), " to ", host);
    if (is_absent(answer)) {
        findings.push_back({Level::Problem, base::cat(address.host(), " has no name in DNS (PTR)"),
                            "many servers refuse mail from nameless addresses", cure});
        co_return;
    }
    if (answer.status != Status::Ok || answer.records.empty()) {
        findings.push_back(cannot_ask(address.host(), answer));
        co_return;
    }
    const std::string& name = answer.records.front().data;
    if (!base::iequals(name, host))
        findings.push_back({Level::Warning,
                            base::cat(address.host(), " is named ", name, ", not ", host),
                            "servers compare the name in EHLO with the address's name", cure});
    else
        findings.push_back({Level::Ok, base::cat(address.host(), " is named ", name)});
}

base::Task<void> look_at_forward(const Examination& examination, Findings& findings)
{
    std::string host = examination.common.myhostname();
    ipc::resolver::HostQuery question{host, true, true, false};
    auto answer = co_await examination.resolver.host(question);
    if (is_absent(answer)) {
        findings.push_back({Level::Problem, base::cat(host, " has no address in DNS"),
                            "other servers refuse a host whose name does not exist",
                            "add an A record (and AAAA), or correct myhostname"});
        co_return;
    }
    if (answer.status != Status::Ok) {
        findings.push_back(cannot_ask(host, answer));
        co_return;
    }
    auto ours = examination.public_addresses();
    for (const auto& record : answer.records) {
        auto address = net::Address::parse(record.data);
        bool is_ours = address && std::find(ours.begin(), ours.end(), *address) != ours.end();
        if (is_ours)
            findings.push_back({Level::Ok, base::cat(host, " has address ", record.data)});
        else
            findings.push_back({Level::Warning,
                                base::cat(host, " has address ", record.data,
                                          ", which no interface of this host has"),
                                "the record is old, or addresses are translated on the way here",
                                "correct the record, or list the address in proxy_interfaces"});
    }
}

// One exchanger of a domain: whether it has an address.
base::Task<bool> has_address(const Examination& examination, std::string host)
{
    ipc::resolver::HostQuery question{std::move(host), true, true, false};
    auto answer = co_await examination.resolver.host(question);
    co_return !is_absent(answer);
}

base::Task<void> look_at_domain(const Examination& examination, std::string domain,
                                Findings& findings)
{
    auto answer = co_await examination.resolver.query(domain, Type::MX);
    if (is_absent(answer)) {
        bool reachable = co_await has_address(examination, domain);
        if (!reachable)
            findings.push_back(
                {Level::Problem, base::cat(domain, " has neither MX nor address"),
                 "nobody can send mail there, and senders in it are refused",
                 base::cat("add: ", domain, ". MX 10 ", examination.common.myhostname(), ".")});
        else
            findings.push_back({Level::Note, base::cat(domain, " has no MX; its address counts")});
        co_return;
    }
    if (answer.status != Status::Ok) {
        findings.push_back(cannot_ask(domain, answer));
        co_return;
    }
    std::string list;
    bool ours = false;
    for (const auto& record : answer.records) {
        base::append(list, list.empty() ? "" : ", ", record.data.empty() ? "." : record.data);
        ours = ours || base::iequals(record.data, examination.common.myhostname());
        bool reachable = record.data.empty();
        if (!reachable)
            reachable = co_await has_address(examination, record.data);
        if (!reachable)
            findings.push_back(
                {Level::Problem,
                 base::cat(domain, ": the mail exchanger ", record.data, " has no address"),
                 "mail for it is lost time, or is returned",
                 "correct the MX record or the host's address"});
    }
    findings.push_back(
        {ours ? Level::Ok : Level::Note, base::cat(domain, ": mail goes to ", list),
         ours ? "" : "other hosts take its mail, under another name than myhostname"});
}

struct Policy {
    std::string_view prefix; // Before the domain.
    std::string_view mark;   // The record's first tag.
    std::string_view title;
    Level if_absent;
    std::string_view cause;
    std::string_view cure; // Before the domain's name.
};

constexpr Policy dmarc{"_dmarc.",
                       "v=DMARC1",
                       "DMARC record",
                       Level::Warning,
                       "large providers want one from every sender (RFC 9989)",
                       "add TXT \"v=DMARC1; p=none; rua=mailto:postmaster@...\" at _dmarc."};
constexpr Policy mta_sts{"_mta-sts.",
                         "v=STSv1",
                         "MTA-STS record",
                         Level::Note,
                         "senders cannot know that mail must come encrypted (RFC 8461)",
                         "add a policy, and TXT \"v=STSv1; id=...\" at _mta-sts."};

base::Task<void> look_at_policy(const Examination& examination, const Policy& policy,
                                Findings& findings)
{
    auto domains = some_domains(examination, findings);
    for (const std::string& domain : domains) {
        auto answer =
            co_await examination.resolver.query(base::cat(policy.prefix, domain), Type::TXT);
        auto texts = marked_texts(answer, policy.mark);
        if (answer.status != Status::Ok && !is_absent(answer))
            findings.push_back(cannot_ask(domain, answer));
        else if (texts.empty())
            findings.push_back({policy.if_absent, base::cat(domain, " has no ", policy.title),
                                std::string(policy.cause), base::cat(policy.cure, domain)});
        else if (texts.size() > 1)
            findings.push_back({Level::Problem,
                                base::cat(domain, " has ", texts.size(), " of the ", policy.title),
                                "more than one counts as none", "leave one"});
        else
            findings.push_back({Level::Ok, base::cat(domain, ": ", texts.front())});
    }
}

Finding judge_spf(const std::string& domain, const std::vector<std::string>& texts)
{
    if (texts.empty())
        return {Level::Warning, base::cat(domain, " has no SPF record"),
                "large providers want one from every sender (RFC 7208)",
                base::cat("add TXT \"v=spf1 mx -all\" at ", domain)};
    if (texts.size() > 1)
        return {Level::Problem, base::cat(domain, " has ", texts.size(), " SPF records"),
                "the result is a permanent error (RFC 7208 4.5)", "merge them into one"};
    for (std::string_view word : base::split(texts.front(), " "))
        if (base::iequals(word, "+all") || base::iequals(word, "all"))
            return {Level::Problem, base::cat(domain, ": ", texts.front()),
                    "it allows everybody to send in this name", "end it with -all or ~all"};
    return {Level::Ok, base::cat(domain, ": ", texts.front())};
}

Finding judge_dkim(const std::string& name, const Answer& answer)
{
    if (is_absent(answer))
        return {Level::Problem, base::cat("there is no key at ", name),
                "signatures with this selector cannot be verified (RFC 6376 6.1.2)",
                "publish the key, or take the selector out of doctor_dkim_selectors"};
    if (answer.status != Status::Ok)
        return cannot_ask(name, answer);
    for (const auto& record : answer.records)
        for (std::string_view tag : base::split(record.data, ";")) {
            tag = base::trim(tag);
            if (tag.starts_with("p=") && base::trim(tag.substr(2)).empty())
                return {Level::Problem, base::cat("the key at ", name, " is withdrawn (p=)"),
                        "signatures with it fail", "publish a new key under a new selector"};
            if (tag.starts_with("p="))
                return {Level::Ok, base::cat("there is a key at ", name)};
        }
    return {Level::Problem, base::cat("the record at ", name, " has no key"),
            "signatures with it fail", "publish the key again"};
}

std::vector<std::string> key_names(const Examination& examination, Findings& findings)
{
    constexpr std::string_view middle = "._domainkey.";
    std::vector<std::string> names;
    const auto& selectors = examination.params.dkim_selectors();
    if (selectors.empty())
        return names;
    auto domains = some_domains(examination, findings);
    for (const std::string& selector : selectors) {
        if (selector.find(middle) != std::string::npos)
            names.push_back(selector);
        else
            for (const std::string& domain : domains)
                names.push_back(base::cat(selector, middle, domain));
    }
    return names;
}

} // namespace

base::Task<void> look_at_addresses(const Examination& examination, Findings& findings)
{
    co_await look_at_forward(examination, findings);
    auto addresses = examination.public_addresses();
    for (const net::Address& address : addresses)
        co_await look_at_reverse(examination, address, findings);
    if (addresses.empty())
        findings.push_back({Level::Note, "no interface of this host has a public address",
                            "the world sees it under a translated address, or not at all",
                            "list the address in doctor_public_addresses to have it looked at"});
}

base::Task<void> look_at_exchangers(const Examination& examination, Findings& findings)
{
    auto domains = some_domains(examination, findings);
    for (const std::string& domain : domains)
        co_await look_at_domain(examination, domain, findings);
}

base::Task<void> look_at_spf(const Examination& examination, Findings& findings)
{
    auto domains = some_domains(examination, findings);
    for (const std::string& domain : domains) {
        auto answer = co_await examination.resolver.query(domain, Type::TXT);
        if (answer.status != Status::Ok && !is_absent(answer))
            findings.push_back(cannot_ask(domain, answer));
        else
            findings.push_back(judge_spf(domain, marked_texts(answer, "v=spf1")));
    }
}

base::Task<void> look_at_dkim(const Examination& examination, Findings& findings)
{
    auto names = key_names(examination, findings);
    for (const std::string& name : names) {
        auto answer = co_await examination.resolver.query(name, Type::TXT);
        findings.push_back(judge_dkim(name, answer));
    }
    if (findings.empty())
        findings.push_back({Level::Skipped,
                            "doctor_dkim_selectors names no selector",
                            {},
                            "set it to the selectors that your mail is signed with"});
}

base::Task<void> look_at_dmarc(const Examination& examination, Findings& findings)
{
    return look_at_policy(examination, dmarc, findings);
}

base::Task<void> look_at_mta_sts(const Examination& examination, Findings& findings)
{
    return look_at_policy(examination, mta_sts, findings);
}

} // namespace doctor
