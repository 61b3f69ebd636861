// SPDX-License-Identifier: Apache-2.0
// Notices to cleanup; see sink.h.
#include "bounce/sink.h"

namespace bounce {

using base::Result;
using base::Task;

namespace {

class CleanupSink final : public NoticeSink {
public:
    CleanupSink(events::Loop& loop, base::Duration answer_time)
        : cleanup_(loop, "public/cleanup"), answer_time_(answer_time)
    {
    }

    Task<Result<std::string>> open(mail::Envelope envelope, mail::Recipient recipient) override
    {
        namespace option = ipc::cleanup::option;
        ipc::cleanup::Open request{std::move(envelope), option::internal | option::local_rewrite};
        auto opened = co_await cleanup_.call(request, deadline());
        if (!opened)
            co_return opened.error();
        cleanup_.post(ipc::cleanup::Recipient{std::move(recipient)}, true);
        co_return std::move(opened->queue_id);
    }

    Task<Result<void>> write(std::string bytes) override
    {
        const std::string_view all = bytes;
        for (std::size_t at = 0; at < all.size(); at += ipc::cleanup::content_limit) {
            const ipc::cleanup::Content piece{all.substr(at, ipc::cleanup::content_limit)};
            const bool sent = cleanup_.post(piece);
            if (!sent)
                co_return base::temporary("lost connection with cleanup");
        }
        const bool drained = co_await cleanup_.drain(deadline());
        if (!drained)
            co_return base::temporary("lost connection with cleanup");
        co_return Result<void>{};
    }

    Task<Result<void>> finish() override
    {
        auto finished = co_await cleanup_.call(ipc::cleanup::Finish{}, deadline());
        if (!finished)
            co_return finished.error();
        if (finished->verdict != ipc::cleanup::Verdict::Ok)
            co_return base::temporary(base::cat("cleanup: ", finished->text));
        co_return Result<void>{};
    }

private:
    base::Deadline deadline() const { return cleanup_.loop().clock().after(answer_time_); }

    ipc::Client<ipc::cleanup::Protocol> cleanup_;
    base::Duration answer_time_;
};

} // namespace

std::unique_ptr<NoticeSink> CleanupSinks::make()
{
    return std::make_unique<CleanupSink>(loop_, answer_time_);
}

} // namespace bounce
