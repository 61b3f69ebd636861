// SPDX-License-Identifier: Apache-2.0
// showq(8): lists the queue for postqueue, mailq and monitoring. Started by master for the socket
// public/showq; takes no input from whoever may open that socket. Reads the queue files as
// mail_owner, and touches nothing else. Manual page: showq(8).
#include <unistd.h>

#include "lib/config/params/queue.h"
#include "lib/queue/spool.h"
#include "lib/service/service.h"
#include "services/showq/report.h"

namespace {

// Listings side by side in one worker.
constexpr std::int64_t clients = 10;

base::Task<void> serve(service::Service& service, const queue::Directories& directories,
                       service::Client client)
{
    if (service.stand_alone()) {
        if (auto written = showq::report_at_once(STDOUT_FILENO, directories); !written)
            base::Log{}.warning(written.error().text);
        co_return;
    }
    net::Stream stream(service.loop(), std::move(client.fd));
    co_await showq::report(stream, directories, service.common().ipc_timeout());
}

} // namespace

int main(int argc, char** argv)
{
    config::QueueParams params;
    service::Service service{"showq", argc, argv, params};
    auto spool = queue::Spool::open(service.common().queue_directory(), params);
    if (!spool)
        base::fatal(spool.error().text);
    queue::Directories& directories = spool->directories;
    service.join_setgid_group(); // To read what is in maildrop.
    return service.run(
        {.clients = clients, .reach = {.network = false}},
        [&](service::Client client) { return serve(service, directories, std::move(client)); });
}
