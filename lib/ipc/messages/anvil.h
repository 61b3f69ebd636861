// SPDX-License-Identifier: Apache-2.0
// What the anvil service understands: events of clients, counted over all processes that serve
// them. A connection that ends takes its clients' open sessions with it.
#pragma once

#include <string>

#include "lib/ipc/protocol.h"

namespace ipc::anvil {

enum class Event : std::uint8_t { Connection, Message, Recipient };

struct Usage {
    std::uint32_t sessions = 0; // Open now; of connect only.
    std::uint32_t rate = 0;     // Events of this kind within the present time unit.
    static constexpr auto fields =
        std::tuple{field("sessions", &Usage::sessions), field("rate", &Usage::rate)};
};

struct Connect {        // A session begins.
    std::string client; // "smtp:192.0.2.1": the service, and the client's address or network.
    using Response = Usage;
    static constexpr std::string_view name = "connect";
    static constexpr auto fields = std::tuple{field("client", &Connect::client)};
};

struct Count { // Something happens in a session.
    std::string client;
    Event event = Event::Message;
    using Response = Usage;
    static constexpr std::string_view name = "count";
    static constexpr auto fields =
        std::tuple{field("client", &Count::client), field("event", &Count::event)};
};

struct Disconnect { // A session of this connection has ended.
    std::string client;
    using Response = None;
    static constexpr std::string_view name = "disconnect";
    static constexpr auto fields = std::tuple{field("client", &Disconnect::client)};
};

struct Protocol : Requests<Connect, Count, Disconnect> {
    static constexpr std::string_view name = "anvil";
    static constexpr unsigned version = 1;
};

} // namespace ipc::anvil

template <> inline constexpr auto ipc::last_of<ipc::anvil::Event> = ipc::anvil::Event::Recipient;
