// SPDX-License-Identifier: Apache-2.0
// error(8): returns mail, or as service "retry" defers it, with the next hop as the reason. Started
// by master; trusts the queue manager. Touches nothing.
#include "lib/config/params/agents.h"
#include "lib/delivery/text_agent.h"
#include "lib/service/ipc_service.h"

int main(int argc, char** argv)
{
    config::ErrorParams params;
    service::Service service{"error", argc, argv, params};
    const bool retry = service.name() == "retry";
    delivery::TextAgent agent{retry ? mail::Status::Deferred : mail::Status::Bounced,
                              retry ? "4.0.0" : "5.0.0"};
    delivery::AgentServer server{agent, service.clock(), params.client_limit()};

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1, .reach = {.files = false, .network = false}},
                       [&](service::Client client) {
                           return service::serve_ipc<ipc::delivery::Protocol>(
                               service, std::move(client.fd), server, options);
                       });
}
