// SPDX-License-Identifier: Apache-2.0
// cleanup put together from its parts.
#pragma once

#include "cleanup/session.h"
#include "lib/config/params/queue.h"
#include "lib/config/params/verp.h"
#include "lib/queue/spool.h"
#include "lib/route/foundation.h"
#include "lib/service/service.h"

namespace cleanup {

struct Params {
    config::CleanupParams cleanup;
    config::QueueParams queue;
    config::RouteParams route;
    config::VerpParams verp;
};

class Program {
public:
    // Still privileged: opens tables and the queue. What fails ends the process.
    Program(service::Service& service, const Params& params);
    Program(const Program&) = delete;

    int run();

private:
    base::Task<void> serve(base::Fd client);

    service::Service& service_;
    const Params& params_;
    queue::Spool spool_;
    route::Foundation ground_;
    Addressing addressing_;
    Settings settings_;
    Committer committer_;
    QmgrNews qmgr_;
    Shared shared_;
};

} // namespace cleanup
