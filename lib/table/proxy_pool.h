// SPDX-License-Identifier: Apache-2.0
// Connections of one process to proxymap. Each is served by a process of its own there, which
// answers one look-up at a time and may have to wait for a database. So a call takes a connection
// for itself; as long as answers come quickly the calls share one, and only when a call has waited
// for a moment another one is opened. One table has only a part of all connections: the look-ups
// of others pass a database that hangs.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>

#include "lib/event/timer.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/proxymap.h"

namespace table {

using ProxyClient = ipc::Client<ipc::proxymap::Protocol>;

struct ProxyPoolLimits {
    std::size_t connections = 32;
    std::size_t per_table = 8;
    base::Duration patience = std::chrono::milliseconds(20); // Then another connection is opened.
    base::Duration idle = std::chrono::seconds(5);           // Then a connection is closed.
    base::Duration lookup = std::chrono::seconds(60);        // How long one look-up may take.
};

class ProxyPool {
public:
    using Answer = base::Result<ipc::proxymap::Value>;

    ProxyPool(events::Loop& loop, std::string path, ProxyPoolLimits limits = {});
    ProxyPool(const ProxyPool&) = delete;
    ProxyPool& operator=(const ProxyPool&) = delete;
    ~ProxyPool();

    base::Task<Answer> ask(ipc::proxymap::Lookup request);

    std::size_t connections() const { return lanes_.size(); }

private:
    struct Lane {
        Lane(events::Loop& loop, const std::string& path) : client(loop, path) {}
        ProxyClient client;
        bool busy = false;
        base::MonoTime since{}; // Idle.
    };
    class Turn;

    Lane* free_lane(const std::string& table);
    Lane* new_lane(const std::string& table);
    void occupy(Lane& lane, const std::string& table);
    void release(Lane& lane, const std::string& table);
    bool has_share(const std::string& table) const;
    void close_idle();

    events::Loop& loop_;
    std::string path_;
    ProxyPoolLimits limits_;
    std::list<Lane> lanes_;
    std::map<std::string, std::size_t, std::less<>> in_use_; // By table.
    std::list<Turn*> waiting_;
    events::Timer idle_timer_;
};

} // namespace table
