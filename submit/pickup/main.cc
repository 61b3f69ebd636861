// SPDX-License-Identifier: Apache-2.0
// pickup(8): takes local mail from maildrop to cleanup. Started by master for the socket
// public/pickup and by its wakeups; takes no input from whoever may open that socket, and believes
// nothing of what stands in maildrop but who owns each file. Touches maildrop, corrupt and the
// sockets of cleanup and bounce, as mail_owner.
#include "lib/config/params/queue.h"
#include "lib/config/params/verp.h"
#include "lib/ipc/input_options.h"
#include "lib/queue/spool.h"
#include "lib/service/log_setup.h"
#include "submit/pickup/scanner.h"

namespace {

constexpr std::int64_t clients = 100;

// Whoever connects wants us to look; there is nothing to read.
base::Task<void> serve(pickup::Scanner& scanner, service::Client)
{
    scanner.wake();
    co_return;
}

} // namespace

int main(int argc, char** argv)
{
    config::PickupParams params;
    config::QueueParams queue;
    config::VerpParams verp;
    service::Service service{"pickup", argc, argv, params, queue, verp};
    auto spool = queue::Spool::open(service.common().queue_directory(), queue);
    if (!spool)
        base::fatal(spool.error().text);
    queue::Directories& directories = spool->directories;
    const auto refusals = service::open_log(service.common(), "cleanup");
    const pickup::Carrier::Rules rules{
        .timeout = service.common().ipc_timeout(),
        .options = ipc::cleanup_options(params.receive_override_options()),
        .filter = params.content_filter(),
        .verp_filter = verp.disable_bounces() ? "" : verp.delimiter_filter(),
        .refusals = refusals.get()};
    pickup::Scanner scanner{service, directories, rules, "public/" + params.cleanup_service_name()};
    service.on_wakeup([&] { scanner.wake(); });
    service.join_setgid_group();
    return service.run({.clients = clients},
                       [&](service::Client client) { return serve(scanner, std::move(client)); });
}
