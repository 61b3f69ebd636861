// SPDX-License-Identifier: Apache-2.0
// Putting cleanup together; see program.h.
#include "cleanup/program.h"

#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"

namespace cleanup {

namespace {

queue::Spool open_spool(const config::CommonParams& common, const config::QueueParams& params)
{
    auto spool = queue::Spool::open(common.queue_directory(), params);
    if (!spool)
        base::fatal(spool.error().text);
    return std::move(*spool);
}

} // namespace

Program::Program(service::Service& service, const Params& params)
    : service_(service), params_(params), spool_(open_spool(service.common(), params.queue)),
      ground_({.loop = &service.loop()}, params.route, service.common()),
      addressing_(ground_.tables, ground_.destinations, params.cleanup),
      settings_{params.cleanup,
                service.common(),
                addressing_,
                !params.route.remote_header_rewrite_domain().empty(),
                Characters{params.cleanup.message_reject_characters()},
                Characters{params.cleanup.message_strip_characters()},
                CheckTables{ground_.tables, params.cleanup},
                params.verp.delimiter_filter()},
      committer_(service.loop(), *spool_.disk,
                 static_cast<unsigned>(params.cleanup.sync_threads())),
      qmgr_(service.loop()), shared_{settings_, spool_.directories, committer_, qmgr_, [this] {
                                         (void)delivery::tables_are_current(service_,
                                                                            ground_.tables);
                                     }}
{
    service.before_accept(
        [this] { return delivery::tables_are_current(service_, ground_.tables); });
    service.scope().spawn(delivery::watch_tables(service, ground_.tables));
}

base::Task<void> Program::serve(base::Fd client)
{
    Session session{shared_};
    co_await service::serve_ipc<ipc::cleanup::Protocol>(service_, std::move(client), session);
}

int Program::run()
{
    return service_.run({.clients = params_.cleanup.client_limit(), .reach = {.network = false}},
                        [this](service::Client client) { return serve(std::move(client.fd)); });
}

} // namespace cleanup
