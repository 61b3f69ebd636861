// SPDX-License-Identifier: Apache-2.0
// Connections and their keeping; see connections.h.
#include "lib/delivery/connections.h"

#include <algorithm>

namespace delivery {

namespace {

// A connection that was idle for longer is looked at before it is used again: the server may have
// said 421, or gone.
constexpr auto trusted_pause = std::chrono::milliseconds(50);

base::Task<void> say_quit(std::unique_ptr<Connection> connection)
{
    co_await connection->session.quit();
}

} // namespace

Connection::Connection(events::Loop& loop, base::Fd fd, std::string made_for,
                       smtp::RemoteServer remote, const smtp::ClientSettings& settings)
    : destination(std::move(made_for)), endpoint(remote.relay.substr(remote.host.size())),
      server(std::move(remote)), transport(loop, std::move(fd)),
      session({settings, server, transport, loop.clock(), log})
{
}

Connections::Connections(events::Loop& loop, const KeepSettings& settings)
    : loop_(loop), settings_(settings),
      sweeper_(
          loop, [](void* self) { static_cast<Connections*>(self)->sweep(); }, this)
{
}

std::unique_ptr<Connection> Connections::remove(Idle::iterator at)
{
    std::unique_ptr<Connection> connection = std::move(*at);
    const auto forget = [at](Index& index, std::string_view key) {
        auto [first, last] = index.equal_range(key);
        const auto found =
            std::find_if(first, last, [at](const auto& e) { return e.second == at; });
        index.erase(found);
    };
    forget(by_destination_, connection->destination);
    forget(by_endpoint_, connection->endpoint);
    idle_.erase(at);
    return connection;
}

std::unique_ptr<Connection> Connections::take_from(Index& index, std::string_view key)
{
    while (true) {
        const auto found = index.find(key);
        if (found == index.end())
            return nullptr;
        std::unique_ptr<Connection> connection = remove(found->second);
        const bool trusted = loop_.now() - connection->idle_since < trusted_pause;
        if (!connection->session.reusable())
            dismiss(std::move(connection));
        else if (trusted || !connection->transport.disturbed())
            return connection;
    }
}

std::unique_ptr<Connection> Connections::take(std::string_view destination)
{
    return take_from(by_destination_, destination);
}

std::unique_ptr<Connection> Connections::take_endpoint(std::string_view endpoint)
{
    return take_from(by_endpoint_, endpoint);
}

void Connections::begin(const std::string& destination)
{
    Traffic& traffic = traffic_[destination];
    const bool soon =
        traffic.last != base::MonoTime{} && loop_.now() - traffic.last < settings_.idle_limit;
    traffic.busy = traffic.active > 0 || soon;
    ++traffic.active;
}

void Connections::end(const std::string& destination)
{
    Traffic& traffic = traffic_[destination];
    --traffic.active;
    traffic.last = loop_.now();
    if (!sweeper_.armed())
        sweeper_.arm(traffic.last + settings_.idle_limit);
}

bool Connections::worth_keeping(const Connection& connection, const std::string& destination) const
{
    if (!connection.session.reusable())
        return false;
    const auto listed = [&](const std::string& name) {
        return name == connection.destination || base::iequals(name, connection.server.nexthop);
    };
    if (std::any_of(settings_.always.begin(), settings_.always.end(), listed))
        return true;
    const auto traffic = traffic_.find(destination);
    return settings_.on_demand && traffic != traffic_.end() && traffic->second.busy;
}

void Connections::give_back(std::unique_ptr<Connection> connection, const std::string& destination)
{
    if (!worth_keeping(*connection, destination))
        return dismiss(std::move(connection));
    connection->idle_since = loop_.now();
    if (!sweeper_.armed())
        sweeper_.arm(connection->idle_since + settings_.idle_limit);
    idle_.push_back(std::move(connection));
    const auto at = std::prev(idle_.end());
    by_destination_.emplace((*at)->destination, at);
    by_endpoint_.emplace((*at)->endpoint, at);
}

void Connections::dismiss(std::unique_ptr<Connection> connection)
{
    farewells_.spawn(say_quit(std::move(connection)));
}

void Connections::sweep()
{
    const base::MonoTime now = loop_.now();
    while (!idle_.empty() && now - idle_.front()->idle_since >= settings_.idle_limit)
        dismiss(remove(idle_.begin()));
    std::erase_if(traffic_, [&](const auto& entry) {
        return entry.second.active == 0 && now - entry.second.last >= settings_.idle_limit;
    });
    if (!idle_.empty())
        sweeper_.arm(idle_.front()->idle_since + settings_.idle_limit);
    else if (!traffic_.empty())
        sweeper_.arm(now + settings_.idle_limit);
}

} // namespace delivery
