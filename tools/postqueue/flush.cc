// SPDX-License-Identifier: Apache-2.0
// Asking the queue manager for deliveries; see run.h.
#include "lib/ipc/client.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/ipc/trigger.h"
#include "tools/postqueue/run.h"

namespace postqueue {

using service::ExitStatus;

namespace {

constexpr auto connect_patience = std::chrono::seconds(30);
constexpr auto answer_patience = std::chrono::minutes(10);

using Qmgr = ipc::Client<ipc::qmgr::Protocol>;

struct Asking {
    const Options& options;
    Qmgr& qmgr;
    bool connected = false;
    base::Result<ipc::qmgr::Count> answer = base::temporary("not asked");
};

base::Task<void> ask(Asking& asking)
{
    const auto& clock = asking.qmgr.loop().clock();
    auto up = co_await asking.qmgr.connect(clock.after(connect_patience));
    service::give_back_group();
    asking.connected = up.ok();
    if (!up)
        co_return;
    auto deadline = clock.after(answer_patience);
    const ipc::qmgr::FlushMessage message{asking.options.argument};
    const ipc::qmgr::FlushSite site{asking.options.argument};
    if (asking.options.action == Action::FlushMessage)
        asking.answer = co_await asking.qmgr.call(message, deadline);
    else if (asking.options.action == Action::FlushSite)
        asking.answer = co_await asking.qmgr.call(site, deadline);
    else
        asking.answer = co_await asking.qmgr.call(ipc::qmgr::FlushAll{}, deadline);
}

} // namespace

int flush(const Context& context)
{
    // What waits in maildrop is mail too. That nobody listens there is told below.
    if (context.options.action == Action::FlushAll)
        (void)ipc::trigger(base::cat("public/", context.params.pickup_service_name()), "W");
    events::Loop loop;
    Qmgr qmgr{loop, base::cat("public/", context.params.queue_service_name())};
    Asking asking{context.options, qmgr};
    base::Scope scope;
    scope.spawn(ask(asking));
    while (!scope.empty())
        loop.turn(std::chrono::seconds(1));
    if (!asking.connected)
        return context.command.fail(ExitStatus::Unavailable,
                                    "Cannot flush mail queue - mail system is down");
    if (!asking.answer)
        return context.command.fail(ExitStatus::Software, base::cat("Cannot flush mail queue - ",
                                                                    asking.answer.error().text));
    if (context.options.verbose)
        context.command.log().info("messages to be tried: ", asking.answer->messages);
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace postqueue
