// SPDX-License-Identifier: Apache-2.0
// The agent of smtp and lmtp; see smtp_agent.h.
#include "lib/delivery/smtp_agent.h"

#include "lib/delivery/smtp_attempt.h"
#include "lib/service/ipc_service.h"

namespace delivery {

SmtpAgent::SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
                     const config::OwnAddresses& own)
    : loop_(loop), settings_(settings), finder_(loop, settings.lookup, resolver, own),
      connections_(loop, settings.keep)
{
}

base::Task<void> SmtpAgent::deliver(Delivery& delivery)
{
    const std::string& destination = delivery.request().next_hop;
    connections_.begin(destination);
    SmtpAttempt attempt({loop_, settings_, finder_, connections_}, delivery);
    co_await attempt.run();
    connections_.end(destination);
}

int run_smtp_agent(service::Service& service, const config::SmtpClientParams& params)
{
    const auto own = config::own_addresses(service.common());
    const auto settings = make_settings(params, service.common(), own);
    ResolverClient resolver{service.loop()};
    SmtpAgent agent{service.loop(), settings, resolver, own};
    AgentServer server{agent, service.clock(), params.client_limit()};

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1, .reach = {.files = false}}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}

} // namespace delivery
