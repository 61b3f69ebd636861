// SPDX-License-Identifier: Apache-2.0
// Connections of the SMTP and LMTP client, and those that wait for the next message. A connection
// is kept by what it leads to: the destination as routing named it, and the host's address.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/delivery/transport.h"
#include "lib/event/timer.h"
#include "lib/smtp/client_session.h"

namespace delivery {

// One connection and its conversation. Stays where it is: the session refers to its parts.
struct Connection {
    Connection(events::Loop& loop, base::Fd fd, std::string made_for, smtp::RemoteServer remote,
               const smtp::ClientSettings& settings);

    const std::string destination; // What it was made for, as routing wrote it.
    const std::string endpoint;    // "address:port" or a path.
    const smtp::RemoteServer server;
    base::Log log;
    StreamTransport transport;
    smtp::ClientSession session;
    base::MonoTime idle_since{};
};

// How a destination's connections are kept.
struct KeepSettings {
    bool on_demand = true;           // When there is much mail.
    std::vector<std::string> always; // Destinations for which it is done always.
    base::Duration idle_limit = std::chrono::seconds(2);
};

class Connections {
public:
    // `loop` and `settings` outlive the object.
    Connections(events::Loop& loop, const KeepSettings& settings);

    // An idle connection to a destination, or to a host's address; null when there is none.
    std::unique_ptr<Connection> take(std::string_view destination);
    std::unique_ptr<Connection> take_endpoint(std::string_view endpoint);

    // A delivery to `destination` begins and ends; whether there is much mail is read from that.
    void begin(const std::string& destination);
    void end(const std::string& destination);

    // Whether give_back() would keep it.
    bool worth_keeping(const Connection& connection, const std::string& destination) const;
    // Gives back a connection after a delivery to `destination`, with its begin() and end() around
    // this: kept when it is worth it, else told goodbye.
    void give_back(std::unique_ptr<Connection> connection, const std::string& destination);
    // Says QUIT in the background.
    void dismiss(std::unique_ptr<Connection> connection);

    std::size_t idle() const { return idle_.size(); }

private:
    struct Traffic {
        unsigned active = 0;   // Deliveries under way.
        bool busy = false;     // Two at a time, or one soon after the other.
        base::MonoTime last{}; // When a delivery last ended.
    };
    using Idle = std::list<std::unique_ptr<Connection>>;
    using Index = std::unordered_multimap<std::string_view, Idle::iterator>;

    std::unique_ptr<Connection> take_from(Index& index, std::string_view key);
    std::unique_ptr<Connection> remove(Idle::iterator at);
    void sweep();

    events::Loop& loop_;
    const KeepSettings& settings_;
    Idle idle_;            // Longest idle first.
    Index by_destination_; // Keys belong to the connections.
    Index by_endpoint_;
    std::unordered_map<std::string, Traffic> traffic_;
    events::Timer sweeper_;
    base::Scope farewells_;
};

} // namespace delivery
