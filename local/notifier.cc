// SPDX-License-Identifier: Apache-2.0
// Notices; see notifier.h.
#include "local/notifier.h"

#include "lib/ipc/client.h"

namespace local {

using base::Result;
using base::Task;

Task<Result<void>> BounceNotifier::notify(const ipc::delivery::Deliver& request, Failures failures)
{
    auto copy = request.message.fd.duplicate();
    if (!copy)
        co_return copy.error();
    ipc::bounce::Notify notify;
    notify.message.fd = std::move(*copy);
    notify.content_offset = request.content.offset;
    notify.content_size = request.content.size;
    notify.queue_id = request.queue_id;
    notify.envelope = request.envelope;
    notify.envelope.sender = std::move(failures.sender);
    notify.envelope.dsn_envid = std::move(failures.envid);
    notify.envelope.dsn_return = failures.dsn_return;
    notify.reports = std::move(failures.reports);
    ipc::Client<ipc::bounce::Protocol> bounce(loop_, "private/bounce");
    auto told = co_await bounce.call_kept(notify, loop_.clock().after(answer_time_));
    if (!told)
        co_return told.error();
    co_return Result<void>{};
}

} // namespace local
