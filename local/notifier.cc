// SPDX-License-Identifier: Apache-2.0
// Notices; see notifier.h.
#include "local/notifier.h"

#include "lib/ipc/client.h"

namespace local {

using base::Result;
using base::Task;

namespace {

// Counting is worth no more of a delivery's time.
constexpr auto count_time = std::chrono::seconds(5);

ipc::failures::Note news_of(const std::string& queue_id,
                            const std::vector<ipc::bounce::Report>& reports)
{
    ipc::failures::Note note;
    for (const auto& [recipient, outcome] : reports)
        note.events.push_back({recipient.address, queue_id, outcome.failure, true, false,
                               outcome.when, outcome.dsn,
                               outcome.text.substr(0, ipc::failures::reply_limit)});
    return note;
}

} // namespace

// A service that is away loses the count, and nothing else.
Task<void> BounceNotifier::count(ipc::failures::Note note)
{
    ipc::Client<ipc::failures::Protocol> failures(loop_, std::string(ipc::failures::socket_path));
    (void)co_await failures.call(note, loop_.clock().after(count_time));
}

Task<Result<void>> BounceNotifier::notify(const ipc::delivery::Deliver& request, Failures failures)
{
    for (auto& report : failures.reports)
        co_await labels_.label(report.outcome);
    auto news = news_of(request.queue_id, failures.reports);
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
    co_await count(std::move(news));
    co_return Result<void>{};
}

} // namespace local
