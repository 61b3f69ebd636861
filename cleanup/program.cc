// SPDX-License-Identifier: Apache-2.0
// Putting cleanup together; see program.h.
#include "cleanup/program.h"

#include "lib/delivery/table_watch.h"
#include "lib/service/ipc_service.h"

namespace cleanup {

namespace {

std::unique_ptr<queue::SystemDisk> open_disk(const config::CommonParams& common)
{
    auto disk = queue::SystemDisk::open(common.queue_directory());
    if (!disk)
        base::fatal(disk.error().text);
    return std::move(*disk);
}

} // namespace

Program::Program(service::Service& service, const Params& params)
    : service_(service), params_(params), disk_(open_disk(service.common())),
      directories_(*disk_, {params.queue.hash_queue_names(),
                            static_cast<unsigned>(params.queue.hash_queue_depth())}),
      tables_({.loop = &service.loop()}), own_addresses_(config::own_addresses(service.common())),
      destinations_(tables_,
                    {params.route, service.common().myhostname(), service.common().mydomain(),
                     service.common().myorigin()},
                    own_addresses_),
      addressing_(tables_, destinations_, params.cleanup),
      settings_{params.cleanup,
                service.common(),
                addressing_,
                !params.route.remote_header_rewrite_domain().empty(),
                Characters{params.cleanup.message_reject_characters()},
                Characters{params.cleanup.message_strip_characters()},
                CheckTables{tables_, params.cleanup},
                params.verp.delimiter_filter()},
      committer_(service.loop(), *disk_, static_cast<unsigned>(params.cleanup.sync_threads())),
      qmgr_(service.loop()), shared_{settings_, directories_, committer_, qmgr_}
{
    service.before_accept([this] { return delivery::tables_are_current(service_, tables_); });
    service.scope().spawn(delivery::watch_tables(service, tables_));
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
