// SPDX-License-Identifier: Apache-2.0
// virtual(8): delivers to mailboxes of addresses that need no user account. Started by master with
// the rights of root, which each delivery's child gives up for those of the mailbox's owner; trusts
// the queue manager and its tables. Touches its tables, and mailboxes in such children.
#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"
#include "local/virtual/virtual_agent.h"

int main(int argc, char** argv)
{
    config::VirtualParams params;
    config::MailboxParams mailbox;
    config::RouteParams route;
    service::Service service{"virtual", argc, argv, params, mailbox, route};
    const auto settings = virtual_mail::make_settings(params, mailbox, route);
    table::Tables tables{{.loop = &service.loop()}};
    const virtual_mail::MailboxMap map{tables, settings.map};
    const auto refresh = [&] { (void)delivery::tables_are_current(service, tables); };
    virtual_mail::VirtualAgent agent{service.loop(), map, settings, refresh};
    const delivery::StatusFilter filter{tables, "virtual_delivery_status_filter",
                                        params.delivery_status_filter()};
    delivery::AgentServer server{agent, service.clock(), params.client_limit(), &filter};

    service.scope().spawn(delivery::watch_tables(service, tables));
    ipc::ServeOptions options{.concurrent = server.capacity()};
    return service.run({.clients = 1}, [&](service::Client client) {
        return service::serve_ipc<ipc::delivery::Protocol>(service, std::move(client.fd), server,
                                                           options);
    });
}
