// SPDX-License-Identifier: Apache-2.0
// proxy: tables: look-ups that the proxymap service does for us, because the table is outside our
// jail or may block.
#pragma once

#include <memory>

#include "lib/ipc/client.h"
#include "lib/ipc/messages/proxymap.h"
#include "lib/table/table.h"

namespace table {

using ProxyClient = ipc::Client<ipc::proxymap::Protocol>;

// How long one look-up may take.
inline constexpr base::Duration kProxyTimeout = std::chrono::seconds(60);

// `name` is "proxy:type:name"; `client` outlives the table.
std::unique_ptr<Table> make_proxy_table(const std::string& name, ProxyClient& client);

} // namespace table
