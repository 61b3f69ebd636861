// SPDX-License-Identifier: Apache-2.0
// Putting local(8) together; see program.h.
#include "local/program.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"

namespace local {

namespace {

// How long a note of a half-done delivery can be of use: longer than any message waits.
constexpr auto note_age = std::chrono::hours(24 * 60);

// Aliases of patterns are used as they are: what a stranger writes does not become a part of them.
std::vector<table::Table*> open_aliases(table::Tables& tables, const config::RouteParams& params)
{
    const table::Options options{.utf8 = params.smtputf8_enable(), .substitute = false};
    std::vector<table::Table*> opened;
    for (const auto& spec : params.alias_maps())
        opened.push_back(&tables.open(spec, options));
    return opened;
}

SystemHost::Tables open_tables(table::Tables& tables, const Params& params)
{
    const table::Options options{.utf8 = params.route.smtputf8_enable(), .substitute = false};
    const auto maps = [&](const auto& param) {
        return table::Maps{tables, param.name(), param(), options};
    };
    const auto& local = params.local;
    return {open_aliases(tables, params.route), maps(local.mailbox_transport_maps),
            maps(local.mailbox_command_maps), maps(local.fallback_transport_maps)};
}

bool has(const std::vector<std::string>& words, std::string_view word)
{
    return std::any_of(words.begin(), words.end(),
                       [&](const auto& one) { return base::iequals(one, word); });
}

delivery::User default_user(const std::string& name)
{
    auto user = delivery::find_user(name);
    if (!user)
        base::fatal(base::cat("default_privs: ", user.error().text));
    if (!*user)
        base::fatal(base::cat("default_privs: unknown user: ", name));
    if ((*user)->uid == 0 || (*user)->gid == 0)
        base::fatal(base::cat("default_privs: user ", name, " must not have the rights of root"));
    return std::move(**user);
}

delivery::LockSettings lock_settings(const Params& params)
{
    const auto styles = delivery::parse_lock_styles(params.local.mailbox_delivery_lock());
    if (!styles)
        base::fatal(base::cat("mailbox_delivery_lock: ", styles.error().text));
    return {*styles, static_cast<int>(params.mailbox.deliver_lock_attempts()),
            params.mailbox.deliver_lock_delay(), params.mailbox.stale_lock_time(), false};
}

DeliverySettings delivery_settings(const service::Service& service, const Params& params,
                                   const base::Duration answer_time)
{
    const auto& local = params.local;
    DeliverySettings s;
    s.default_user = default_user(local.default_privs());
    s.original_to = params.route.enable_original_recipient();
    s.delivered_to_command = has(local.prepend_delivered_header(), "command");
    s.delivered_to_file = has(local.prepend_delivered_header(), "file");
    s.home_mailbox = local.home_mailbox();
    s.spool_directory = local.mail_spool_directory();
    s.locks = lock_settings(params);
    s.size_limit = static_cast<std::uint64_t>(local.mailbox_size_limit());
    s.strict_owner = params.mailbox.strict_mailbox_ownership();
    s.biff = local.biff();
    s.command_shell = local.local_command_shell();
    s.command_directory = local.command_execution_directory();
    s.directory_filter = local.execution_directory_expansion_filter();
    s.environment_filter = local.command_expansion_filter();
    s.environment = delivery::exported_environment(params.command.export_environment());
    s.command_time = params.command.command_time_limit();
    s.answer_time = answer_time;
    s.service = service.name();
    return s;
}

} // namespace

Program::Program(service::Service& service, const Params& params)
    : service_(service), ground_({.loop = &service.loop()}, params.route, service.common()),
      router_(ground_.tables, ground_.destinations),
      host_tables_(open_tables(ground_.tables, params)),
      host_(service.loop(), host_tables_, ground_.destinations, router_,
            [this] { (void)delivery::tables_are_current(service_, ground_.tables); }),
      settings_(make_settings(params.local, params.route, service.name())),
      delivery_settings_(delivery_settings(service, params, service.common().ipc_timeout())),
      deliverer_(service.loop(), delivery_settings_),
      forwarder_(service.loop(),
                 {service.common().myhostname(), service.common().mail_name(),
                  has(params.local.prepend_delivered_header(), "forward")},
                 service.common().ipc_timeout()),
      labels_({ground_.tables, "failure_class_maps", params.classes.failure_class_maps()}),
      notifier_(service.loop(), labels_, service.common().ipc_timeout()),
      progress_(service.common().queue_directory() + "/local"),
      agent_(settings_, host_, {deliverer_, forwarder_, notifier_, progress_}),
      filter_(ground_.tables, "local_delivery_status_filter",
              params.local.delivery_status_filter()),
      server_(agent_, service.clock(), params.local.client_limit(), &filter_)
{
    for (const auto& fault : ground_.tables.faults())
        base::Log{}.warning(fault);
    progress_.begin(note_age);
}

base::Task<void> Program::serve(service::Client client)
{
    ipc::ServeOptions options{.concurrent = server_.capacity()};
    co_await service::serve_ipc<ipc::delivery::Protocol>(service_, std::move(client.fd), server_,
                                                         options);
}

int Program::run()
{
    return service_.run({.clients = 1},
                        [this](service::Client client) { return serve(std::move(client)); });
}

} // namespace local
