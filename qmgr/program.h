// SPDX-License-Identifier: Apache-2.0
// The queue manager put together from its parts.
#pragma once

#include <memory>

#include "lib/base/log_sinks.h"
#include "lib/config/params/drop.h"
#include "lib/config/params/failures.h"
#include "lib/config/params/lifetime.h"
#include "lib/config/params/qmgr.h"
#include "lib/config/params/queue.h"
#include "lib/config/params/route.h"
#include "lib/config/params/verp.h"
#include "lib/queue/spool.h"
#include "lib/route/foundation.h"
#include "lib/route/router.h"
#include "lib/service/ipc_service.h"
#include "qmgr/agents.h"
#include "qmgr/catalog.h"
#include "qmgr/commands.h"
#include "qmgr/table_router.h"

namespace qmgr {

struct Params {
    config::QmgrParams qmgr;
    config::LifetimeParams lifetime;
    config::QueueParams queue;
    config::RouteParams route;
    config::FailureClassParams classes;
    config::SuppressionParams suppression;
    config::BadmailParams badmail;
    config::VerpParams verp;
};

class Program {
public:
    // Still privileged: opens tables, the queue and the index. What fails ends the process.
    Program(service::Service& service, const Params& params);
    Program(const Program&) = delete;

    int run();

private:
    base::Task<void> serve(base::Fd client);
    base::Task<void> begin();
    base::Task<void> retire_in_time();
    void make_manager();

    service::Service& service_;
    const Params& params_;
    uid_t owner_;
    base::Fd lock_; // One queue manager at a time works on the queue.
    queue::Spool spool_;
    route::Foundation ground_;
    route::Router routes_;
    TableRouter router_;
    failure::Labels labels_;
    FailureReports reports_;
    Agents agents_;
    Catalog catalog_;
    Scheduler scheduler_;
    RetryPolicy retry_;
    std::unique_ptr<base::LogSink> error_log_;
    std::unique_ptr<Manager> manager_; // Once the lock is ours.
};

} // namespace qmgr
