// SPDX-License-Identifier: Apache-2.0
// Existence of names; see resolver_world.h.
#include "smtpd/resolver_world.h"

#include "lib/event/timer.h"

namespace smtpd {

using base::Task;
using ipc::resolver::Status;
using ipc::resolver::Type;

static Existence existence_of(Status status)
{
    switch (status) {
    case Status::Ok: return Existence::Found;
    case Status::NoData:
    case Status::NoDomain: return Existence::NotFound;
    case Status::TemporaryFailure:
    case Status::Bogus: return Existence::TryAgain;
    }
    return Existence::TryAgain;
}

Task<Existence> ResolverWorld::exchangers(std::string name)
{
    ipc::resolver::Query query{std::move(name), static_cast<std::uint16_t>(Type::MX)};
    auto answer = co_await resolver_.call(query, resolver_.loop().clock().after(resolver_time));
    if (!answer)
        co_return Existence::TryAgain;
    bool null_mx = answer->status == Status::Ok && answer->records.size() == 1 &&
                   (answer->records[0].data.empty() || answer->records[0].data == ".");
    co_return null_mx ? Existence::NullMx : existence_of(answer->status);
}

Task<Existence> ResolverWorld::addresses(std::string name)
{
    ipc::resolver::HostQuery query;
    query.host = std::move(name);
    auto answer = co_await resolver_.call(query, resolver_.loop().clock().after(resolver_time));
    co_return answer ? existence_of(answer->status) : Existence::TryAgain;
}

// The second is asked unless the first settles it; a doubt about either is a doubt.
static Existence both(Existence first, Existence second)
{
    if (second == Existence::NotFound)
        return first;
    return second;
}

// A service that does not answer in time suppresses nothing.
Task<std::string> ResolverWorld::suppressed(std::string address)
{
    constexpr auto ask_time = std::chrono::seconds(2);
    if (failures_ == nullptr)
        co_return std::string();
    ipc::failures::Ask ask;
    ask.address = std::move(address);
    auto verdict = co_await failures_->call(ask, failures_->loop().clock().after(ask_time));
    if (!verdict || !verdict->suppressed)
        co_return std::string();
    co_return std::move(verdict->text);
}

Task<Existence> ResolverWorld::mail_domain(std::string domain)
{
    Existence by_exchanger = co_await exchangers(domain);
    if (by_exchanger == Existence::Found || by_exchanger == Existence::NullMx)
        co_return by_exchanger;
    Existence by_address = co_await addresses(std::move(domain));
    co_return both(by_exchanger, by_address);
}

Task<Existence> ResolverWorld::host(std::string name)
{
    Existence by_address = co_await addresses(name);
    if (by_address == Existence::Found)
        co_return by_address;
    Existence by_exchanger = co_await exchangers(std::move(name));
    co_return both(by_address, by_exchanger);
}

Task<void> ResolverWorld::wait(base::Duration duration)
{
    co_await events::sleep(resolver_.loop(), duration);
}

} // namespace smtpd
