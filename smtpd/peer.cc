// SPDX-License-Identifier: Apache-2.0
// Client names; see peer.h.
#include "smtpd/peer.h"

#include "lib/base/log.h"

namespace smtpd {

using base::Task;
using ipc::resolver::Status;

namespace {

constexpr auto answer_time = std::chrono::seconds(100);
// A client that comes again soon is not looked up again.
constexpr auto remember_time = std::chrono::seconds(30);
constexpr std::size_t remember_limit = 1000;

std::string_view reason(Status status)
{
    switch (status) {
    case Status::Ok: return "";
    case Status::NoData: return ": No address associated with hostname";
    case Status::NoDomain: return ": Name or service not known";
    case Status::TemporaryFailure:
    case Status::Bogus: return ": Temporary failure in name resolution";
    }
    return "";
}

} // namespace

Task<PeerNames::Known> PeerNames::ask(std::string address)
{
    Known known{"unknown", "unknown", loop_.now() + remember_time};
    ipc::resolver::PeerQuery query{address};
    auto peer = co_await resolver_.call(query, loop_.clock().after(answer_time));
    if (!peer || peer->status != Status::Ok)
        co_return known;
    known.reverse_name = peer->reverse_name;
    if (peer->confirmed)
        known.name = peer->reverse_name;
    else
        base::Log{}.warning("hostname ", peer->reverse_name, " does not resolve to address ",
                            address, reason(peer->forward));
    co_return known;
}

Task<mail::Client> PeerNames::client_of(net::Address peer)
{
    mail::Client client;
    if (!peer.is_inet())
        co_return client;
    client.address = peer.host();
    client.port = peer.port();
    if (!lookup_)
        co_return client;
    auto found = recent_.find(client.address);
    if (found == recent_.end() || found->second.until < loop_.now()) {
        auto known = co_await ask(client.address);
        if (recent_.size() >= remember_limit)
            recent_.clear();
        found = recent_.insert_or_assign(client.address, std::move(known)).first;
    }
    client.name = found->second.name;
    client.reverse_name = found->second.reverse_name;
    co_return client;
}

} // namespace smtpd
