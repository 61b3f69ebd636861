// SPDX-License-Identifier: Apache-2.0
// Client names; see peer.h.
#include "smtpd/peer.h"

#include "lib/base/log.h"
#include "lib/mail/domain.h"

namespace smtpd {

using base::Task;
using ipc::resolver::Status;

namespace {

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

NameStatus name_status(Status status)
{
    switch (status) {
    case Status::Ok: return NameStatus::Ok;
    case Status::NoData:
    case Status::NoDomain: return NameStatus::NotFound;
    case Status::TemporaryFailure:
    case Status::Bogus: return NameStatus::TryAgain;
    }
    return NameStatus::TryAgain;
}

} // namespace

Task<Peer> PeerNames::ask(std::string address)
{
    Peer peer;
    peer.client.address = address;
    peer.names = {NameStatus::TryAgain, NameStatus::TryAgain};
    ipc::resolver::PeerQuery query{address};
    auto found = co_await resolver_.call(query, resolver_.loop().clock().after(resolver_time));
    if (!found) {
        base::Log{}.warning("name of ", address, ": ", found.error().text);
        co_return peer;
    }
    peer.names = {name_status(found->status), name_status(found->status)};
    if (found->status != Status::Ok)
        co_return peer;
    if (!mail::is_hostname(found->reverse_name)) {
        peer.names = {NameStatus::NotFound, NameStatus::NotFound};
        co_return peer;
    }
    peer.client.reverse_name = found->reverse_name;
    if (found->confirmed) {
        peer.client.name = found->reverse_name;
        co_return peer;
    }
    // A name with other addresses than this one is as good as none.
    peer.names.forward =
        found->forward == Status::Ok ? NameStatus::NotFound : name_status(found->forward);
    base::Log{}.warning("hostname ", found->reverse_name, " does not resolve to address ", address,
                        reason(found->forward));
    co_return peer;
}

void PeerNames::remember(const Peer& peer)
{
    auto now = resolver_.loop().now();
    if (recent_.size() >= remember_limit)
        std::erase_if(recent_, [now](const auto& one) { return one.second.until < now; });
    if (recent_.size() >= remember_limit)
        recent_.erase(recent_.begin());
    recent_.insert_or_assign(peer.client.address, Known{peer, now + remember_time});
}

Task<Peer> PeerNames::find(net::Address address)
{
    Peer peer;
    if (!address.is_inet()) {
        peer.client.name = peer.client.reverse_name = "localhost";
        peer.client.address = "127.0.0.1";
        co_return peer;
    }
    peer.client.address = address.host();
    peer.client.port = address.port();
    peer.names = {NameStatus::NotFound, NameStatus::NotFound};
    if (!lookup_)
        co_return peer;
    auto found = recent_.find(peer.client.address);
    if (found != recent_.end() && found->second.until >= resolver_.loop().now()) {
        peer = found->second.peer;
    } else {
        peer = co_await ask(peer.client.address);
        bool settled = peer.names.reverse != NameStatus::TryAgain &&
                       peer.names.forward != NameStatus::TryAgain;
        if (settled)
            remember(peer);
    }
    peer.client.port = address.port();
    co_return peer;
}

} // namespace smtpd
