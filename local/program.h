// SPDX-License-Identifier: Apache-2.0
// local(8) put together from its parameters: tables, routes, settings, the agent.
#pragma once

#include "lib/config/params/failures.h"
#include "lib/config/params/local.h"
#include "lib/config/params/mailbox.h"
#include "lib/config/params/route.h"
#include "lib/route/foundation.h"
#include "lib/service/service.h"
#include "local/agent.h"
#include "local/system_host.h"

namespace local {

struct Params {
    config::LocalParams local;
    config::MailboxParams mailbox;
    config::CommandParams command;
    config::RouteParams route;
    config::FailureClassParams classes;
};

class Program {
public:
    // Still before the jail door: opens tables. Both arguments outlive it.
    Program(service::Service& service, const Params& params);
    int run();

private:
    base::Task<void> serve(service::Client client);

    service::Service& service_;
    route::Foundation ground_;
    route::Router router_;
    SystemHost::Tables host_tables_;
    SystemHost host_;
    Settings settings_;
    DeliverySettings delivery_settings_;
    Deliverer deliverer_;
    Forwarder forwarder_;
    failure::Labels labels_;
    BounceNotifier notifier_;
    Progress progress_;
    Agent agent_;
    delivery::StatusFilter filter_;
    delivery::AgentServer server_;
};

} // namespace local
