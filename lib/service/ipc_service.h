// SPDX-License-Identifier: Apache-2.0
// An IPC service in the process frame: what a daemon's client handler calls for one connection.
#pragma once

#include "lib/ipc/server.h"
#include "lib/service/service.h"

namespace service {

// Says bye to the peer once the service retires.
base::Task<void> say_bye_when_retiring(Service& service, ipc::Channel& channel);

// Serves protocol P on one accepted connection until the peer or the process is done. `handler`
// has an `on` for each message; see lib/ipc/server.h.
template <typename P, typename H>
base::Task<void> serve_ipc(Service& service, base::Fd fd, H& handler,
                           ipc::ServeOptions options = {})
{
    ipc::Channel channel(service.loop(), std::move(fd));
    base::Scope ending;
    ending.spawn(say_bye_when_retiring(service, channel));
    co_await ipc::serve<P>(channel, handler, options);
}

} // namespace service
