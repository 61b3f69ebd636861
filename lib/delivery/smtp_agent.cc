// SPDX-License-Identifier: Apache-2.0
// The agent of smtp and lmtp; see smtp_agent.h.
#include "lib/delivery/smtp_agent.h"

#include "lib/base/log.h"
#include "lib/config/notify_class.h"
#include "lib/delivery/smtp_attempt.h"
#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"

namespace delivery {

SmtpAgent::SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
                     const config::OwnAddresses& own, Companions companions)
    : loop_(loop), settings_(settings), finder_(loop, settings.lookup, resolver, own),
      connections_(loop, settings.keep), companions_(companions)
{
}

base::Task<void> SmtpAgent::deliver(Delivery& delivery)
{
    const std::string& destination = delivery.request().next_hop;
    connections_.begin(destination);
    if (companions_.checks != nullptr && companions_.checks->refresh)
        companions_.checks->refresh();
    const SmtpParts parts{
        loop_, settings_, finder_, connections_, companions_.postmaster, companions_.checks};
    SmtpAttempt attempt(parts, delivery);
    co_await attempt.run();
    connections_.end(destination);
}

// What master.cf says behind the program's name.
static void take_arguments(const service::Service& service, SmtpSettings& settings)
{
    for (const std::string& word : service.arguments()) {
        if (settings.lmtp && word == "flags=X")
            settings.final_delivery = true;
        else
            base::Log{}.warning("master.cf: service ", service.name(),
                                ": not supported, and ignored: ", word);
    }
}

int run_smtp_agent(service::Service& service, const config::SmtpClientParams& params,
                   const config::NoticeParams& notices)
{
    namespace notify_class = config::notify_class;
    Postmaster postmaster{service.loop(), service.common(), notices};
    const auto own = config::own_addresses(service.common());
    auto settings = make_settings(params, service.common(), own);
    take_arguments(service, settings);
    settings.client.keep_record = postmaster.wants(notify_class::protocol | notify_class::data);
    ResolverClient resolver{service.loop()};
    table::Tables tables{{.loop = &service.loop(), .may_block = false}};
    OutgoingTables checks{tables, params};
    checks.refresh = [&] { (void)tables_are_current(service, tables); };
    SmtpAgent agent{service.loop(),
                    settings,
                    resolver,
                    own,
                    {.postmaster = &postmaster, .checks = checks.empty() ? nullptr : &checks}};
    const StatusFilter filter{
        tables, params.lmtp() ? "lmtp_delivery_status_filter" : "smtp_delivery_status_filter",
        params.delivery_status_filter()};
    AgentServer server{agent, service.clock(), params.client_limit(), &filter};
    if (!checks.empty() || !filter.empty())
        service.scope().spawn(watch_tables(service, tables));

    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1, .reach = {.files = false}}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}

} // namespace delivery
