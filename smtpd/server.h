// SPDX-License-Identifier: Apache-2.0
// Everything that the sessions of one process share, and the way of a client through it. Built with
// privileges: it opens the lookup tables.
#pragma once

#include "lib/config/params/failures.h"
#include "lib/delivery/postmaster.h"
#include "lib/route/foundation.h"
#include "lib/service/service.h"
#include "smtpd/cleanup_sink.h"
#include "smtpd/client_limits.h"
#include "smtpd/command_lists.h"
#include "smtpd/peer.h"
#include "smtpd/policy/engine.h"
#include "smtpd/reject_footer.h"
#include "smtpd/resolver_world.h"
#include "smtpd/rewrite_clients.h"
#include "smtpd/settings.h"
#include "smtpd/site_flusher.h"

namespace smtpd {

struct Params {
    config::SmtpdParams smtpd;
    config::ClientLimitParams limits;
    config::SuppressionParams suppression;
    config::NoticeParams notices;
    config::VerpParams verp;
};

class Server {
public:
    // Both outlive it. A configuration that is not safe to serve with ends the process.
    Server(service::Service& service, const Params& all);
    Server(const Server&) = delete;

    base::Task<void> serve(service::Client client);

private:
    base::Task<void> serve_socket(base::Fd socket, net::Address address);
    base::Task<std::string> converse(base::Fd socket, net::Address address, SessionRecord* record);
    Engine make_engine();
    void read_lists();
    base::Task<smtp::ClientTraits> traits_of(const mail::Client& client);
    base::Task<std::uint32_t> cleanup_options(const mail::Client& client);
    bool tables_are_current();
    base::Task<void> watch_tables();

    service::Service& service_;
    const config::SmtpdParams& params_;
    route::Foundation ground_;
    route::Router router_;
    route::RecipientCheck recipients_;
    table::MatchList mynetworks_;
    table::MatchList logged_permits_;
    table::MatchList flush_domains_;
    table::MatchList bare_newline_exempt_;
    table::MatchList unlimited_;
    table::MatchList verp_clients_;
    CommandLists commands_;
    table::Maps discard_maps_;
    RewriteClients rewrite_clients_;
    Lists lists_;
    ResolverClient resolver_;
    FailuresClient failures_;
    ResolverWorld world_;
    Engine engine_;
    PeerNames names_;
    CleanupPool cleanup_;
    delivery::Postmaster postmaster_;
    QmgrFlusher flusher_;
    ClientLimits limits_;
    RejectFooter footer_;
    smtp::ServerSettings session_settings_;
    DriverSettings driver_settings_;
    std::uint32_t discard_ = 0;
};

} // namespace smtpd
