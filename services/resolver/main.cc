// SPDX-License-Identifier: Apache-2.0
// resolver(8): the only process that speaks DNS. Started by master for socket private/resolver;
// trusts whoever may open that socket to ask, and nobody on the network. Touches the network on
// port 53 (or the ports of resolver_servers), the hosts file and /etc/resolv.conf.
#include "lib/service/ipc_service.h"
#include "services/resolver/server.h"

int main(int argc, char** argv)
{
    config::ResolverParams params;
    service::Service service{"resolver", argc, argv, params};
    resolver::Dns dns{service.loop(), params};
    resolver::Hosts hosts{params.hosts_file()};
    resolver::Server server{dns, hosts, service.loop()};

    ipc::ServeOptions options{.concurrent = static_cast<std::size_t>(params.question_limit())};
    return service.run({.clients = params.client_limit(), .stays = true},
                       [&](service::Client client) {
                           return service::serve_ipc<ipc::resolver::Protocol>(
                               service, std::move(client.fd), server, options);
                       });
}
