// SPDX-License-Identifier: Apache-2.0
// proxymap: answers look-ups of daemons in tables that they cannot reach, or that may block. What
// may be asked about is a fixed list; a daemon that was taken over learns no more by asking.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/messages/proxymap.h"
#include "lib/ipc/server.h"
#include "lib/table/tables.h"

namespace proxymap {

class Server {
public:
    // `readable` is the value of proxy_read_maps: elements that begin with "proxy:" are allowed.
    // Tables are opened when they are first asked about. `tables` outlives the server.
    Server(table::Tables& tables, const std::vector<std::string>& readable);

    base::Task<base::Result<ipc::proxymap::Value>> on(ipc::proxymap::Lookup request);

private:
    bool may_read(const std::string& table) const;

    table::Tables& tables_;
    std::vector<std::string> readable_; // Without "proxy:", sorted.
};

} // namespace proxymap
