// SPDX-License-Identifier: Apache-2.0
// The anvil service: one Session per connection of a server process. What that process had open is
// closed when it goes away, however it ends.
#pragma once

#include <map>

#include "lib/ipc/server.h"
#include "services/anvil/counters.h"

namespace anvil {

// Bytes of a client's name; a service's name and an address fit well.
inline constexpr std::size_t client_name_limit = 200;

class Session {
public:
    explicit Session(Counters& counters) : counters_(counters) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    base::Task<base::Result<ipc::anvil::Usage>> on(ipc::anvil::Connect connect);
    base::Task<base::Result<ipc::anvil::Usage>> on(ipc::anvil::Count count);
    base::Task<base::Result<void>> on(ipc::anvil::Disconnect disconnect);

private:
    Counters& counters_;
    std::map<std::string, std::uint32_t> open_; // Sessions by client.
};

} // namespace anvil
