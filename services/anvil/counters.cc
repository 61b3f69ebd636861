// SPDX-License-Identifier: Apache-2.0
// Counts of clients; see counters.h.
#include "services/anvil/counters.h"

#include "lib/base/log_sinks.h"
#include "lib/base/strings.h"

namespace anvil {

using ipc::anvil::Event;
using ipc::anvil::Usage;

namespace {

// Names of Event, in its order, as the statistics lines have them.
constexpr std::string_view rate_names[] = {"connection", "message", "recipient"};

std::string whole_seconds(base::Duration time)
{
    return base::cat(std::chrono::duration_cast<std::chrono::seconds>(time).count(), "s");
}

} // namespace

void Counters::touch(Clients::iterator client, base::MonoTime now)
{
    client->last = now;
    clients_.splice(clients_.end(), clients_, client);
}

void Counters::forget_the_silent(base::MonoTime now)
{
    // Clients with open sessions stand in the way of nobody: they go to the end, and are bounded by
    // the servers' own limits.
    for (std::size_t looked_at = 0; looked_at < 2 && !clients_.empty(); ++looked_at) {
        auto oldest = clients_.begin();
        if (oldest->last + settings_.time_unit > now)
            return;
        if (oldest->sessions > 0) {
            touch(oldest, now);
            continue;
        }
        known_.erase(oldest->name);
        clients_.erase(oldest);
    }
}

// The client, known from now on; nothing when there is no place.
Counters::Client* Counters::find(const std::string& name)
{
    const auto now = clock_.mono();
    auto found = known_.find(name);
    if (found == known_.end()) {
        forget_the_silent(now);
        if (known_.size() >= settings_.client_limit)
            return nullptr;
        clients_.push_back(Client{name, 0, {}, now, now});
        found = known_.emplace(name, std::prev(clients_.end())).first;
        note(size_, static_cast<std::uint32_t>(known_.size()), {});
    }
    Client& client = *found->second;
    if (client.unit_start + settings_.time_unit <= now) {
        client.unit_start = now;
        client.events = {};
    }
    touch(found->second, now);
    return &client;
}

Usage Counters::connect(const std::string& name)
{
    Client* client = find(name);
    if (client == nullptr)
        return {};
    ++client->sessions;
    note(sessions_, client->sessions, name);
    return count(name, Event::Connection);
}

Usage Counters::count(const std::string& name, Event event)
{
    Client* client = find(name);
    if (client == nullptr)
        return {};
    const auto kind = static_cast<std::size_t>(event);
    ++client->events[kind];
    note(rates_[kind], client->events[kind], name);
    return {client->sessions, client->events[kind]};
}

void Counters::disconnect(const std::string& name)
{
    auto found = known_.find(name);
    if (found == known_.end() || found->second->sessions == 0)
        return;
    --found->second->sessions;
    touch(found->second, clock_.mono());
}

void Counters::note(Peak& peak, std::uint32_t value, const std::string& client)
{
    if (value > peak.value)
        peak = {value, client, clock_.wall()};
}

std::vector<std::string> Counters::take_statistics()
{
    std::vector<std::string> lines;
    base::LogTimestamp timestamp;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        const Peak& peak = rates_[kind];
        if (peak.value > 0)
            lines.push_back(base::cat("statistics: max ", rate_names[kind], " rate ", peak.value,
                                      "/", whole_seconds(settings_.time_unit), " for (",
                                      peak.client, ") at ", timestamp.text(peak.when)));
        if (kind == 0 && sessions_.value > 0)
            lines.push_back(base::cat("statistics: max connection count ", sessions_.value,
                                      " for (", sessions_.client, ") at ",
                                      timestamp.text(sessions_.when)));
    }
    if (size_.value > 0)
        lines.push_back(base::cat("statistics: max cache size ", size_.value, " at ",
                                  timestamp.text(size_.when)));
    rates_ = {};
    sessions_ = {};
    size_ = {};
    return lines;
}

} // namespace anvil
