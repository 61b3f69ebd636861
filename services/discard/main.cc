// SPDX-License-Identifier: Apache-2.0
// discard(8): throws mail away and says that it was sent. Started by master; trusts the queue
// manager. Touches nothing.
#include "lib/config/params/agents.h"
#include "lib/delivery/text_agent.h"
#include "lib/service/ipc_service.h"

int main(int argc, char** argv)
{
    config::DiscardParams params;
    service::Service service{"discard", argc, argv, params};
    delivery::TextAgent agent{mail::Status::Sent, "2.0.0"};
    delivery::AgentServer server{agent, service.clock(), params.client_limit()};

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1, .reach = {.files = false, .network = false}},
                       [&](service::Client client) {
                           return service::serve_ipc<ipc::delivery::Protocol>(
                               service, std::move(client.fd), server, options);
                       });
}
