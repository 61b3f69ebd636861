// SPDX-License-Identifier: Apache-2.0
// The listening sockets of the system, owned by master and shared with workers. They outlive
// reloads, and through the guardian even master itself, so that no client is ever refused between
// two processes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/fd.h"
#include "lib/config/main_cf.h"
#include "master/service_table.h"
#include "master/socket_owner.h"

namespace master {

class Listeners {
public:
    // Connections that may wait for a worker to take them.
    static constexpr int backlog = 1024;

    // Opens what `services` need and is not open yet. On any fault nothing has changed, and the
    // faults are told. What is open and no longer needed stays until drop_unused().
    bool open(const std::vector<ServiceSpec>& services, SocketOwner owner, config::Faults& faults);
    void drop_unused(const std::vector<ServiceSpec>& services);
    void close_inet(); // The network only: our own processes may still need each other.

    // The descriptors of one service, in the order of its endpoints.
    std::vector<int> of(const ServiceSpec& service) const;

    // For the guardian: the open sockets as text, and the way back. Descriptors that are no
    // sockets are passed over.
    std::string describe() const;
    void adopt(std::string_view description);
    std::vector<int> all() const;

private:
    bool usable(const Endpoint& endpoint) const;

    std::map<std::string, base::Fd> open_; // By Endpoint::key().
};

} // namespace master
