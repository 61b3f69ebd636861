// SPDX-License-Identifier: Apache-2.0
// Limits on clients; see client_limits.h.
#include "smtpd/client_limits.h"

#include "lib/base/strings.h"
#include "lib/net/network.h"

namespace smtpd {

using base::Task;
using ipc::anvil::Event;
using smtp::Verdict;

// Anvil answers from memory; one that does not is overloaded, and mail does not wait for it.
static constexpr auto anvil_patience = std::chrono::seconds(2);

bool ClientLimits::any() const
{
    return params_.connection_count() > 0 || params_.connection_rate() > 0 ||
           params_.message_rate() > 0 || params_.recipient_rate() > 0;
}

// The service, and the network of the address that counts as one client.
std::string ClientLimits::key_of(const std::string& address) const
{
    auto parsed = net::Address::parse(address);
    if (!parsed)
        return {};
    const bool ipv6 = parsed->family() == net::Family::Inet6;
    const auto bits = ipv6 ? params_.ipv6_prefix() : params_.ipv4_prefix();
    if (bits == (ipv6 ? 128 : 32))
        return base::cat(service_, ":", address);
    auto network = net::Network::of(*parsed, static_cast<unsigned>(bits));
    return base::cat(service_, ":", network.to_string());
}

ClientUse::~ClientUse()
{
    if (!key_.empty())
        limits_.anvil_.post(ipc::anvil::Disconnect{std::move(key_)});
}

std::string ClientUse::told(std::string_view what, std::uint32_t number,
                            const mail::Client& client) const
{
    return base::cat(what, ": ", number, " from ", client.name_and_address(), " for service ",
                     limits_.service_);
}

Task<Verdict> ClientUse::connect(const mail::Client& client)
{
    if (!limits_.any())
        co_return Verdict::pass();
    auto exempt = co_await limits_.exceptions_.match(client.name, client.address);
    std::string key = exempt && *exempt ? std::string{} : limits_.key_of(client.address);
    if (key.empty())
        co_return Verdict::pass();
    const auto deadline = limits_.anvil_.loop().clock().after(anvil_patience);
    ipc::anvil::Connect request{key};
    auto usage = co_await limits_.anvil_.call(request, deadline);
    if (!usage)
        co_return Verdict::pass();
    key_ = std::move(key);
    const auto& params = limits_.params_;
    const bool too_many =
        params.connection_count() > 0 && usage->sessions > params.connection_count();
    const bool too_often = params.connection_rate() > 0 && usage->rate > params.connection_rate();
    if (!too_many && !too_often)
        co_return Verdict::pass();
    Verdict verdict = Verdict::refuse(
        base::cat("421 4.7.0 ", myhostname_, " Error: too many connections from ", client.address));
    verdict.warning = too_many
                          ? told("Connection concurrency limit exceeded", usage->sessions, client)
                          : told("Connection rate limit exceeded", usage->rate, client);
    co_return verdict;
}

Task<Verdict> ClientUse::count(const mail::Client& client, std::int64_t limit, const Kind& kind)
{
    if (limit == 0 || key_.empty())
        co_return Verdict::pass();
    const auto deadline = limits_.anvil_.loop().clock().after(anvil_patience);
    ipc::anvil::Count request{key_, kind.event};
    auto usage = co_await limits_.anvil_.call(request, deadline);
    if (!usage || usage->rate <= limit)
        co_return Verdict::pass();
    Verdict verdict = Verdict::refuse(base::cat(kind.reply, client.address));
    verdict.warning = told(kind.exceeded, usage->rate, client);
    co_return verdict;
}

Task<Verdict> ClientUse::mail(const mail::Client& client)
{
    static constexpr Kind kind{Event::Message, "Message delivery request rate limit exceeded",
                               "450 4.7.1 Error: too much mail from "};
    return count(client, limits_.params_.message_rate(), kind);
}

Task<Verdict> ClientUse::recipient(const mail::Client& client)
{
    static constexpr Kind kind{Event::Recipient, "Recipient address rate limit exceeded",
                               "450 4.7.1 Error: too many recipients from "};
    return count(client, limits_.params_.recipient_rate(), kind);
}

} // namespace smtpd
