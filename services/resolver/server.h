// SPDX-License-Identifier: Apache-2.0
// The resolver's answers to the other daemons: hosts file and DNS put together.
#pragma once

#include "lib/ipc/messages/resolver.h"
#include "services/resolver/dns.h"
#include "services/resolver/hosts.h"

namespace resolver {

class Server {
public:
    Server(Questions& dns, Hosts& hosts, events::Loop& loop) : dns_(dns), hosts_(hosts), loop_(loop)
    {
    }

    base::Task<base::Result<ipc::resolver::Answer>> on(ipc::resolver::Query query);
    base::Task<base::Result<ipc::resolver::Answer>> on(ipc::resolver::HostQuery query);
    base::Task<base::Result<ipc::resolver::PeerName>> on(ipc::resolver::PeerQuery query);

private:
    base::Task<ipc::resolver::Answer> addresses(ipc::resolver::HostQuery query);
    bool from_hosts_file(const ipc::resolver::HostQuery& query, ipc::resolver::Answer& answer);

    Questions& dns_;
    Hosts& hosts_;
    events::Loop& loop_;
};

} // namespace resolver
