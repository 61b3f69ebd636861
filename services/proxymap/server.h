// SPDX-License-Identifier: Apache-2.0
// proxymap: answers look-ups of daemons in tables that they cannot reach, or that may block. What
// may be asked about is a fixed list; a daemon that was taken over learns no more by asking.
#pragma once

#include <functional>

#include "lib/ipc/messages/proxymap.h"
#include "lib/ipc/server.h"
#include "lib/service/service.h"
#include "lib/table/tables.h"
#include "services/proxymap/approved.h"

namespace proxymap {

class Server {
public:
    // `approved` are the tables that may be asked about, see approved.h. Those that others must
    // reach through us are opened at once, the rest when they are first asked about. `tables`
    // outlives the server. `refresh` has those that changed opened again; before each request.
    Server(table::Tables& tables, Approved approved, std::function<void()> refresh);

    base::Task<base::Result<ipc::proxymap::Value>> on(ipc::proxymap::Lookup request);

private:
    table::Tables& tables_;
    Approved approved_;
    std::function<void()> refresh_;
};

// How many clients a process serves: `limit`, which proxymap_client_limit says, but as many more as
// it takes so that all daemons of a busy system get a turn where `processes` are few. 0: any
// number.
std::int64_t client_limit(std::int64_t limit, int processes);

// Closes idle connections to databases, as long as the service lives.
base::Task<void> tidy(service::Service& service, table::Tables& tables);

} // namespace proxymap
