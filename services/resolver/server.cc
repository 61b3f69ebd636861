// SPDX-License-Identifier: Apache-2.0
// The resolver's service; see server.h.
#include "services/resolver/server.h"

#include "lib/event/notice.h"
#include "lib/net/address.h"
#include "services/resolver/dns_answer.h"

namespace resolver {

using base::Result;
using base::Task;
using ipc::resolver::Answer;
using ipc::resolver::HostQuery;
using ipc::resolver::PeerName;
using ipc::resolver::PeerQuery;
using ipc::resolver::Query;
using ipc::resolver::Status;
using ipc::resolver::Type;

Task<Result<Answer>> Server::on(Query query)
{
    co_return co_await dns_.ask(std::move(query.domain), query.type);
}

bool Server::from_hosts_file(const HostQuery& query, Answer& answer)
{
    for (const auto& address : hosts_.addresses(query.host)) {
        bool six = address.find(':') != std::string::npos;
        if (six ? query.ipv6 : query.ipv4)
            answer.records.push_back({address, 0, 0, 0});
    }
    answer.status = answer.records.empty() ? Status::NoData : Status::Ok;
    return !answer.records.empty();
}

static Task<void> ask_into(Questions& dns, std::string host, Type type, Answer& answer,
                           events::Notice& done)
{
    answer = co_await dns.ask(std::move(host), static_cast<std::uint16_t>(type));
    done.notify();
}

// What two look-ups of one name say together: records of either; without any, a temporary failure
// outweighs "there is none".
static Answer together(Answer first, Answer second)
{
    for (auto& record : second.records)
        first.records.push_back(std::move(record));
    first.secure = first.secure && second.secure;
    if (first.ttl == 0 || (second.ttl != 0 && second.ttl < first.ttl))
        first.ttl = second.ttl;
    if (first.canonical.empty())
        first.canonical = std::move(second.canonical);
    auto better = [&](Status status) { return first.status == status || second.status == status; };
    if (!first.records.empty())
        first.status = Status::Ok;
    else if (better(Status::Bogus))
        first.status = Status::Bogus;
    else if (better(Status::TemporaryFailure))
        first.status = Status::TemporaryFailure;
    else
        first.status = better(Status::NoDomain) ? Status::NoDomain : Status::NoData;
    if (first.text.empty())
        first.text = std::move(second.text);
    return first;
}

Task<Answer> Server::addresses(HostQuery query)
{
    Answer four, six;
    if (query.native && from_hosts_file(query, four))
        co_return four;
    events::Notice done(loop_);
    base::Scope both;
    if (query.ipv4)
        both.spawn(ask_into(dns_, query.host, Type::A, four, done));
    if (query.ipv6)
        both.spawn(ask_into(dns_, query.host, Type::AAAA, six, done));
    while (!both.empty())
        co_await done.wait();
    if (!query.ipv6)
        co_return four;
    if (!query.ipv4)
        co_return six;
    co_return together(std::move(four), std::move(six));
}

Task<Result<Answer>> Server::on(HostQuery query)
{
    co_return co_await addresses(std::move(query));
}

static bool contains(const Answer& answer, const net::Address& address)
{
    for (const auto& record : answer.records) {
        auto found = net::Address::parse(record.data);
        if (found && *found == address)
            return true;
    }
    return false;
}

Task<Result<PeerName>> Server::on(PeerQuery query)
{
    auto address = net::Address::parse(query.address);
    if (!address)
        co_return base::permanent(base::cat("not a numeric address: ", query.address));
    PeerName peer;
    peer.reverse_name = hosts_.name(address->host());
    peer.status = Status::Ok;
    if (peer.reverse_name.empty()) {
        auto reverse = co_await dns_.ask(reverse_domain(address->bytes()),
                                         static_cast<std::uint16_t>(Type::PTR));
        peer.status = reverse.status;
        if (reverse.status != Status::Ok)
            co_return peer;
        peer.reverse_name = reverse.records.front().data;
    }
    if (net::Address::parse(peer.reverse_name)) { // An address is not the name of one.
        peer.reverse_name.clear();
        peer.status = Status::NoData;
        co_return peer;
    }
    bool four = address->family() == net::Family::Inet;
    HostQuery name{peer.reverse_name, four, !four, true};
    auto forward = co_await addresses(std::move(name));
    peer.forward = forward.status;
    peer.confirmed = contains(forward, *address);
    co_return peer;
}

} // namespace resolver
