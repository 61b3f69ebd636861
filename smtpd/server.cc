// SPDX-License-Identifier: Apache-2.0
// The shared parts of smtpd; see server.h.
#include "smtpd/server.h"

#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/config/notify_class.h"
#include "lib/event/timer.h"
#include "lib/ipc/input_options.h"
#include "lib/net/stream.h"
#include "smtpd/session_policy.h"
#include "smtpd/stdio.h"

namespace smtpd {

using base::Task;

static constexpr auto table_watch_time = std::chrono::seconds(10);

static table::MatchList hosts(table::Tables& tables, const route::Destinations& destinations,
                              std::string title, const std::vector<std::string>& elements)
{
    bool parents = destinations.parents_without_dot("mynetworks");
    return {tables, {std::move(title), table::ListKind::Hosts, parents}, elements};
}

Server::Server(service::Service& service, const Params& all)
    : service_(service), params_(all.smtpd),
      ground_({.loop = &service.loop(), .may_block = false}, params_, service.common()),
      router_(ground_.tables, ground_.destinations),
      recipients_(ground_.tables, ground_.destinations),
      mynetworks_(hosts(ground_.tables, ground_.destinations, "mynetworks", params_.mynetworks())),
      logged_permits_(ground_.tables, {"smtpd_log_access_permit_actions"},
                      params_.log_access_permit_actions()),
      flush_domains_(ground_.tables,
                     {"fast_flush_domains", table::ListKind::Domains,
                      ground_.destinations.parents_without_dot("fast_flush_domains")},
                     params_.fast_flush_domains()),
      bare_newline_exempt_(hosts(ground_.tables, ground_.destinations,
                                 "smtpd_forbid_bare_newline_exclusions",
                                 params_.forbid_bare_newline_exclusions())),
      unlimited_(hosts(ground_.tables, ground_.destinations, "smtpd_client_event_limit_exceptions",
                       all.limits.event_exceptions())),
      verp_clients_(hosts(ground_.tables, ground_.destinations, "smtpd_authorized_verp_clients",
                          params_.authorized_verp_clients())),
      commands_(ground_.tables, params_),
      discard_maps_(ground_.tables, "smtpd_discard_ehlo_keyword_address_maps",
                    params_.discard_ehlo_keyword_address_maps()),
      rewrite_clients_(ground_.tables, params_.local_header_rewrite_clients(),
                       {ground_.own_addresses, mynetworks_}),
      lists_(ground_.tables, service.main_cf(), params_.restriction_classes()),
      resolver_(service.loop(), "private/resolver"),
      failures_(service.loop(), std::string(ipc::failures::socket_path)),
      world_(resolver_, all.suppression.failure_suppression() ? &failures_ : nullptr),
      engine_(make_engine()), names_(resolver_, params_.peername_lookup()),
      cleanup_(service.loop(), "public/cleanup", service.common().ipc_timeout()),
      postmaster_(service.loop(), service.common(), all.notices),
      flusher_(service.loop(), flush_domains_),
      limits_(service.loop(), all.limits, service.name(), unlimited_),
      footer_(params_.reject_footer(), service.common().myhostname(), service.clock()),
      session_settings_(session_settings(params_, service.common(), all.verp)),
      driver_settings_(driver_settings(params_)),
      discard_(discard_bits(params_.discard_ehlo_keywords()))
{
    read_lists();
    session_settings_.command_filter = commands_.filters();
    session_settings_.noop_commands = commands_.ignores_any();
    session_settings_.reject_footer = footer_.get();
    for (const auto& fault : ground_.tables.faults())
        base::Log{}.warning(fault);
    // What the administrator has just put into a table counts for the next client.
    service.before_accept([this] { return tables_are_current(); });
    service_.scope().spawn(watch_tables());
}

Engine Server::make_engine()
{
    return Engine{params_,
                  ground_.destinations,
                  router_,
                  recipients_,
                  ground_.own_addresses,
                  mynetworks_,
                  logged_permits_,
                  lists_,
                  world_,
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {}};
}

// Reads all lists of restrictions. Ends the process when one is wrong, or when together they would
// make an open relay.
void Server::read_lists()
{
    auto faults = read_engine_lists(engine_);
    for (const auto& fault : faults)
        base::Log{}.error(fault.to_string());
    if (!faults.empty())
        base::fatal("bad configuration, see the lines above");
}

Task<smtp::ClientTraits> Server::traits_of(const mail::Client& client)
{
    smtp::ClientTraits traits;
    traits.discard = discard_;
    if (!discard_maps_.empty()) {
        auto found = co_await discard_maps_.find(client.address);
        std::vector<std::string> keywords;
        std::string why;
        if (!found)
            base::Log{}.warning(discard_maps_.title(), ": ", found.error().text);
        else if (*found && config::List::parse(**found, keywords, why))
            traits.discard = discard_bits(keywords);
    }
    if (!bare_newline_exempt_.empty() &&
        params_.forbid_bare_newline() != config::BareNewlineRule::No) {
        auto exempt = co_await bare_newline_exempt_.match(client.name, client.address);
        traits.bare_newline_exempt = exempt && *exempt;
    }
    if (!verp_clients_.empty()) {
        auto may = co_await verp_clients_.match(client.name, client.address);
        traits.may_verp = may && *may;
    }
    co_return traits;
}

Task<std::uint32_t> Server::cleanup_options(const mail::Client& client)
{
    std::uint32_t options = ipc::cleanup_options(params_.receive_override_options());
    bool local = co_await rewrite_clients_.has(client);
    if (local)
        options |= ipc::cleanup::option::local_rewrite;
    if (client.shows_port)
        options |= ipc::cleanup::option::show_port;
    co_return options;
}

Task<void> Server::serve(service::Client client)
{
    if (!service_.stand_alone())
        return serve_socket(std::move(client.fd), client.peer);
    auto with_socket = [this](base::Fd socket) { return serve_socket(std::move(socket), {}); };
    return serve_stdio(service_.loop(), std::move(client.fd), base::Fd{STDOUT_FILENO},
                       std::move(with_socket));
}

Task<void> Server::serve_socket(base::Fd socket, net::Address address)
{
    constexpr unsigned told = config::notify_class::bounce | config::notify_class::policy |
                              config::notify_class::protocol | config::notify_class::resource |
                              config::notify_class::software | config::notify_class::data;
    SessionRecord record;
    const bool recorded = postmaster_.wants(told);
    std::string client =
        co_await converse(std::move(socket), address, recorded ? &record : nullptr);
    if (!postmaster_.wants(record.classes()))
        co_return;
    delivery::BadSession bad{"SMTP server", std::move(client), record.classes()};
    co_await postmaster_.tell(std::move(bad), record.letter());
}

// One session; the client's name and address.
Task<std::string> Server::converse(base::Fd socket, net::Address address, SessionRecord* record)
{
    net::Stream stream(service_.loop(), std::move(socket));
    Peer peer = co_await names_.find(address);
    peer.client.shows_port = params_.client_port_logging();
    smtp::ClientTraits traits = co_await traits_of(peer.client);
    std::uint32_t options = co_await cleanup_options(peer.client);
    std::string client = peer.client.name_and_address();
    SessionPolicy policy(engine_, limits_, peer.names, &commands_);
    CleanupSink sink(cleanup_, options, params_.content_filter());
    smtp::ServerSession session(session_settings_, {policy, sink, flusher_}, std::move(peer.client),
                                traits);
    co_await drive(session, stream, driver_settings_, record);
    co_return client;
}

// Lookup tables that changed need a fresh process where this one cannot open them again.
bool Server::tables_are_current()
{
    if (!ground_.tables.stale(service_.loop().now()))
        return true;
    if (!service_.retiring())
        base::Log{}.info("a lookup table has changed -- restarting");
    return false;
}

Task<void> Server::watch_tables()
{
    while (tables_are_current())
        co_await events::sleep(service_.loop(), table_watch_time);
    service_.retire();
}

} // namespace smtpd
