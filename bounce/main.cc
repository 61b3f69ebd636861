// SPDX-License-Identifier: Apache-2.0
// bounce(8): writes delivery status notifications. Started by master for services "bounce", "defer"
// and "trace"; trusts the queue manager, not the message. Touches cleanup's socket, and the message
// descriptors that it is given.
#include "bounce/server.h"
#include "lib/config/params/agents.h"
#include "lib/service/ipc_service.h"

int main(int argc, char** argv)
{
    config::BounceParams params;
    service::Service service{"bounce", argc, argv, params};
    bounce::CleanupSinks sinks{service.loop(), service.common().ipc_timeout()};
    bounce::Server server{{service.common().myhostname(), service.common().mail_name()},
                          static_cast<std::uint64_t>(params.size_limit()),
                          sinks,
                          service.clock()};

    ipc::ServeOptions options{.concurrent = static_cast<std::size_t>(params.notice_limit())};
    return service.run(
        {.clients = params.client_limit(), .reach = {.files = false, .network = false}},
        [&](service::Client client) {
            return service::serve_ipc<ipc::bounce::Protocol>(service, std::move(client.fd), server,
                                                             options);
        });
}
