// SPDX-License-Identifier: Apache-2.0
// drop(8): leaves each message as a file in a directory. Started by master with the rights of root,
// which each delivery's child gives up for those of the user that master.cf names; trusts the queue
// manager and master.cf. Touches the directory, in such children.
#include "lib/config/params/drop.h"
#include "lib/service/ipc_service.h"
#include "local/drop/drop_agent.h"

int main(int argc, char** argv)
{
    config::DropParams params;
    config::BadmailParams badmail;
    service::Service service{"drop", argc, argv, params, badmail};
    const auto settings = drop::make_settings(service.name(), service.arguments(), service.common(),
                                              badmail.directory());
    drop::DropAgent agent{service.loop(), settings};
    delivery::AgentServer server{agent, service.clock(), params.client_limit()};

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}
