// SPDX-License-Identifier: Apache-2.0
// smtp(8): delivers to the network by SMTP. Started by master for services such as "smtp" and
// "relay"; trusts the queue manager, and nothing that a server says. Touches the network, the
// resolver's socket, and the message descriptors that it is given.
#include "lib/delivery/smtp_agent.h"
#include "lib/service/ipc_service.h"

int main(int argc, char** argv)
{
    config::SmtpParams params;
    service::Service service{"smtp", argc, argv, params};
    const auto own = delivery::own_addresses(service.common());
    const auto settings = delivery::make_settings(params, service.common(), own);
    delivery::ResolverClient resolver{service.loop()};
    delivery::SmtpAgent agent{service.loop(), settings, resolver, own};
    delivery::AgentServer server{agent, service.clock(), params.client_limit()};

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1, .reach = {.files = false}}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}
