// SPDX-License-Identifier: Apache-2.0
// cleanup(8): makes one complete queue file from what came in. Started by master for socket
// public/cleanup; trusts its clients (smtpd, pickup, bounce) for the envelope, not for the content.
// Touches the queue directories, and the queue manager's socket.
#include "cleanup/session.h"
#include "lib/config/params/queue.h"
#include "lib/service/ipc_service.h"

static base::Task<void> serve(service::Service& service, cleanup::Shared& shared, base::Fd client)
{
    cleanup::Session session{shared};
    co_await service::serve_ipc<ipc::cleanup::Protocol>(service, std::move(client), session);
}

int main(int argc, char** argv)
{
    config::CleanupParams params;
    config::QueueParams queue_params;
    service::Service service{"cleanup", argc, argv, params, queue_params};
    auto disk = queue::SystemDisk::open(service.common().queue_directory());
    if (!disk)
        base::fatal(disk.error().text);
    queue::Directories directories{
        **disk,
        {queue_params.hash_queue_names(), static_cast<unsigned>(queue_params.hash_queue_depth())}};
    cleanup::Committer committer{service.loop(), **disk,
                                 static_cast<unsigned>(params.sync_threads())};
    cleanup::QmgrNews qmgr{service.loop()};
    cleanup::Shared shared{params, service.common(), directories, service.clock(), committer, qmgr};

    return service.run({.clients = params.client_limit()}, [&](service::Client client) {
        return serve(service, shared, std::move(client.fd));
    });
}
