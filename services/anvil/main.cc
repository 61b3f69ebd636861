// SPDX-License-Identifier: Apache-2.0
// anvil(8): counts sessions and events of clients for all processes that serve them. Started by
// master for private/anvil; trusts the servers. Touches nothing but their connections.
#include "lib/config/params/anvil.h"
#include "lib/event/timer.h"
#include "lib/service/ipc_service.h"
#include "services/anvil/server.h"

static void log_statistics(anvil::Counters& counters)
{
    for (const auto& line : counters.take_statistics())
        base::Log{}.info(line);
}

static base::Task<void> keep_statistics(events::Loop& loop, base::Duration period,
                                        anvil::Counters& counters)
{
    while (true) {
        co_await events::sleep(loop, period);
        log_statistics(counters);
    }
}

static base::Task<void> serve(service::Service& service, base::Fd client, anvil::Counters& counters)
{
    anvil::Session session(counters);
    co_await service::serve_ipc<ipc::anvil::Protocol>(service, std::move(client), session);
}

int main(int argc, char** argv)
{
    config::AnvilParams params;
    service::Service service{"anvil", argc, argv, params};
    anvil::Counters counters{
        {params.rate_time_unit(), static_cast<std::size_t>(params.client_table_limit())},
        service.clock()};
    service.scope().spawn(keep_statistics(service.loop(), params.status_update_time(), counters));
    const int status = service.run(
        {.clients = params.client_limit(), .reach = {.files = false, .network = false}},
        [&](service::Client client) { return serve(service, std::move(client.fd), counters); });
    log_statistics(counters);
    return status;
}
