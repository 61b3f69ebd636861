// SPDX-License-Identifier: Apache-2.0
// pipe(8): gives messages to a command. Started by master with the rights of root, which each
// command's child gives up for those of the user that master.cf names; trusts the queue manager and
// master.cf. Touches nothing but the commands' pipes.
#include "lib/config/params/pipe.h"
#include "lib/config/params/route.h"
#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"
#include "local/pipe/pipe_agent.h"

int main(int argc, char** argv)
{
    config::PipeParams params;
    config::CommandParams command;
    config::RouteParams route;
    service::Service service{"pipe", argc, argv, params, command, route};
    auto settings = pipe_mail::make_settings(service.name(), service.arguments(), service.main_cf(),
                                             service.common(), command);
    settings.attributes.addresses.delimiters = route.recipient_delimiter();
    settings.allow_dash = route.allow_min_user();
    pipe_mail::PipeAgent agent{service.loop(), settings, [&service] { service.retire(); }};
    table::Tables tables{{.loop = &service.loop()}};
    const delivery::StatusFilter filter{tables, "pipe_delivery_status_filter",
                                        params.delivery_status_filter()};
    delivery::AgentServer server{agent, service.clock(), params.client_limit(), &filter};

    service.scope().spawn(delivery::watch_tables(service, tables));
    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}
