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
    const config::MainCf& main_cf = service.main_cf();
    config::Faults told_by_master;
    const auto master = config::MasterCf::load(
        main_cf.directory(), config::MasterCf::Defaults::of(main_cf), told_by_master);
    table::Tables tables{{.main = &main_cf}};
    const auto refresh = [&] { (void)delivery::tables_are_current(service, tables); };
    proxymap::Server server{tables,
                            proxymap::approved_tables(params.proxy_read_maps(), main_cf,
                                                      master ? *master : config::MasterCf{}),
                            refresh};
    const auto* entry = master ? master->find(service.name(), config::ServiceType::Unix) : nullptr;
    const auto clients = proxymap::client_limit(params.proxymap_client_limit(),
                                                entry == nullptr ? 0 : entry->max_processes);

    service.scope().spawn(delivery::watch_tables(service, tables));
    service.scope().spawn(proxymap::tidy(service, tables));
    return service.run({.clients = clients}, [&](service::Client client) {
        return service::serve_ipc<ipc::proxymap::Protocol>(service, std::move(client.fd), server);
    });
}
