// SPDX-License-Identifier: Apache-2.0
// lmtp(8): delivers to mail stores by LMTP (RFC 2033), over TCP or a UNIX socket. Started by master
// for service "lmtp"; trusts the queue manager, and nothing that a server says. Touches the
// network, sockets in the queue directory, and the message descriptors that it is given.
#include "lib/delivery/smtp_agent.h"
#include "lib/service/ipc_service.h"

int main(int argc, char** argv)
{
    config::LmtpParams params;
    service::Service service{"lmtp", argc, argv, params};
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
