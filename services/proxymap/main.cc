// SPDX-License-Identifier: Apache-2.0
// proxymap(8): look-ups in tables that other daemons cannot reach from their jails, or that may
// block. Started by master for private/proxymap; answers whoever may open that socket, about the
// tables of proxy_read_maps and those in databases that the configuration names. Touches those
// tables, the servers of their databases, and the system's user database.
#include "lib/config/params/proxymap.h"
#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"
#include "services/proxymap/server.h"

int main(int argc, char** argv)
{
    config::ProxymapParams params;
    service::Service service{"proxymap", argc, argv, params};
    table::Tables tables{{.main = &service.main_cf()}};
    const auto refresh = [&] { (void)delivery::tables_are_current(service, tables); };
    proxymap::Server server{tables, proxymap::read_approved(service, params.proxy_read_maps()),
                            refresh};

    service.scope().spawn(delivery::watch_tables(service, tables));
    service.scope().spawn(proxymap::tidy(service, tables));
    return service.run({.clients = params.proxymap_client_limit()}, [&](service::Client client) {
        return service::serve_ipc<ipc::proxymap::Protocol>(service, std::move(client.fd), server);
    });
}
