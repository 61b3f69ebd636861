// SPDX-License-Identifier: Apache-2.0
// Counts of clients: sessions open now, and events within the present time unit. As in Postfix a
// unit begins with a client's first event after the last one ended, so that a client that waits for
// its end starts anew. Memory is bounded: a client is forgotten once it has no session and was
// silent for a unit, and no more clients than a limit are known.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/clock.h"
#include "lib/ipc/messages/anvil.h"

namespace anvil {

class Counters {
public:
    struct Settings {
        base::Duration time_unit = std::chrono::seconds(60);
        std::size_t client_limit = 100'000;
    };
    // `clock` outlives the object.
    Counters(Settings settings, const base::Clock& clock) : settings_(settings), clock_(clock) {}

    // A client that finds no place is not counted: its usage is none.
    ipc::anvil::Usage connect(const std::string& client);
    ipc::anvil::Usage count(const std::string& client, ipc::anvil::Event event);
    void disconnect(const std::string& client);

    std::size_t clients() const { return known_.size(); }

    // "max connection rate 3/60s for (smtp:192.0.2.1) at Nov 22 01:02:03", one line for each kind
    // of event that happened since the last call, the number of clients last; then begins anew.
    std::vector<std::string> take_statistics();

private:
    static constexpr std::size_t kinds = 3;
    struct Client {
        std::string name;
        std::uint32_t sessions = 0;
        std::array<std::uint32_t, kinds> events{};
        base::MonoTime unit_start{};
        base::MonoTime last{};
    };
    using Clients = std::list<Client>; // The one heard of longest ago first.
    struct Peak {
        std::uint32_t value = 0;
        std::string client;
        base::WallTime when{};
    };

    Client* find(const std::string& client);
    void forget_the_silent(base::MonoTime now);
    void touch(Clients::iterator client, base::MonoTime now);
    void note(Peak& peak, std::uint32_t value, const std::string& client);

    Settings settings_;
    const base::Clock& clock_;
    Clients clients_;
    std::unordered_map<std::string, Clients::iterator> known_;
    std::array<Peak, kinds> rates_;
    Peak sessions_;
    Peak size_;
};

} // namespace anvil
