// SPDX-License-Identifier: Apache-2.0
// proxymap(8): look-ups in tables that other daemons cannot reach from their jails, or that may
// block. Started by master for private/proxymap; answers whoever may open that socket, about the
// tables of proxy_read_maps only. Touches those tables and the system's user database.
#include "lib/config/params/proxymap.h"
#include "lib/service/ipc_service.h"
#include "services/proxymap/server.h"

int main(int argc, char** argv)
{
    config::ProxymapParams params;
    service::Service service{"proxymap", argc, argv, params};
    table::Tables tables{{}};
    proxymap::Server server{tables, params.proxy_read_maps()};

    return service.run({.clients = params.proxymap_client_limit(), .stays = true},
                       [&](service::Client client) {
                           return service::serve_ipc<ipc::proxymap::Protocol>(
                               service, std::move(client.fd), server);
                       });
}
