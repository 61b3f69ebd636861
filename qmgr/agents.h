// SPDX-License-Identifier: Apache-2.0
// The connections to delivery agents: one for each worker process, many requests on it. What goes
// to one destination goes to the same worker while it has room, so that its connections are used
// again.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/ipc/client.h"
#include "lib/ipc/messages/delivery.h"
#include "qmgr/delivery_port.h"

namespace qmgr {

class Agents final : public DeliveryPort {
public:
    // `process_limits`: worker processes of each transport, from master.cf; others have the last.
    Agents(events::Loop& loop, std::map<std::string, std::size_t, std::less<>> process_limits,
           std::size_t default_limit);

    // A worker that dies has its deliveries given to another one, a few times.
    base::Task<Attempt> deliver(std::string transport, std::string destination,
                                const ipc::delivery::Deliver& request) override;

private:
    using Connection = ipc::Client<ipc::delivery::Protocol>;
    struct Worker {
        explicit Worker(events::Loop& loop, std::string path) : connection(loop, std::move(path)) {}
        Connection connection;
        std::size_t capacity = 0;
        std::size_t busy = 0;
        bool has_room() const { return connection.connected() && busy < capacity; }
    };
    struct Transport {
        explicit Transport(events::Loop& loop) : changed(loop) {}
        std::vector<std::shared_ptr<Worker>> workers;
        std::size_t limit = 1;
        bool connecting = false;
        std::uint64_t failures = 0; // Workers that could not be had,
        base::Error failure;        // the last of them for this reason.
        events::Notice changed;     // A worker has room, has come, or could not be had.
    };

    Transport& transport(const std::string& name);
    std::shared_ptr<Worker> choose(Transport& transport, const std::string& destination);
    bool wants_worker(const Transport& transport) const;
    base::Task<base::Result<void>> add_worker(std::string name, Transport& transport);
    base::Task<void> add_worker_aside(std::string name, Transport& transport);
    base::Task<base::Result<std::shared_ptr<Worker>>> worker_for(std::string name,
                                                                 std::string destination);

    events::Loop& loop_;
    std::map<std::string, std::size_t, std::less<>> process_limits_;
    std::size_t default_limit_;
    std::map<std::string, Transport> transports_;
    base::Scope growing_;
};

} // namespace qmgr
