// SPDX-License-Identifier: Apache-2.0
// The agent of smtp and lmtp; see smtp_agent.h.
#include "lib/delivery/smtp_agent.h"

#include "lib/config/notify_class.h"
#include "lib/delivery/smtp_attempt.h"
#include "lib/service/ipc_service.h"

namespace delivery {

SmtpAgent::SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
                     const config::OwnAddresses& own, Postmaster* postmaster)
    : loop_(loop), settings_(settings), finder_(loop, settings.lookup, resolver, own),
      connections_(loop, settings.keep), postmaster_(postmaster)
{
}

base::Task<void> SmtpAgent::deliver(Delivery& delivery)
{
    const std::string& destination = delivery.request().next_hop;
    connections_.begin(destination);
    SmtpAttempt attempt({loop_, settings_, finder_, connections_, postmaster_}, delivery);
    co_await attempt.run();
    connections_.end(destination);
}

int run_smtp_agent(service::Service& service, const config::SmtpClientParams& params,
                   const config::NoticeParams& notices)
{
    namespace notify_class = config::notify_class;
    Postmaster postmaster{service.loop(), service.common(), notices};
    const auto own = config::own_addresses(service.common());
    auto settings = make_settings(params, service.common(), own);
    settings.client.keep_record = postmaster.wants(notify_class::protocol | notify_class::data);
    ResolverClient resolver{service.loop()};
    SmtpAgent agent{service.loop(), settings, resolver, own, &postmaster};
    AgentServer server{agent, service.clock(), params.client_limit()};

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1, .reach = {.files = false}}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}

} // namespace delivery
