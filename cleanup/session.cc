// SPDX-License-Identifier: Apache-2.0
// Taking in messages; see session.h.
#include "cleanup/session.h"

namespace cleanup {

using base::Result;
using base::Task;
namespace messages = ipc::cleanup;

namespace {

const base::Error no_room = base::temporary("452 4.3.1 Insufficient system storage");
const base::Error no_file = base::temporary("451 4.3.0 Error: queue file write error");

} // namespace

// Recipients are over when content begins: the Received field depends on them.
bool Session::permits(std::string_view name) const
{
    if (name == messages::Open::name)
        return in_ == nullptr;
    if (name == messages::Abandon::name)
        return true;
    if (name == messages::Recipient::name)
        return in_ != nullptr && !content_began_;
    return in_ != nullptr;
}

// queue_minfree, and room for more than one message of the largest size, as in Postfix.
bool Session::has_room() const
{
    std::uint64_t free = 0;
    if (shared_.directories.disk().free_bytes(free) != 0)
        return true; // Writing will tell.
    const auto& params = shared_.settings.params;
    const auto minimum = static_cast<std::uint64_t>(params.queue_minfree());
    const auto largest = static_cast<std::uint64_t>(params.message_size_limit());
    if (free > minimum && free / 3 * 2 > largest)
        return true;
    base::Log{}.warning("not enough free space in mail queue: ", free,
                        " bytes < 1.5*message size limit");
    return false;
}

Task<Result<messages::Opened>> Session::on(messages::Open open)
{
    if (shared_.refresh)
        shared_.refresh();
    if (!has_room())
        co_return no_room;
    const auto& params = shared_.settings.params;
    queue::MessageWriter::Options options;
    options.long_ids = params.enable_long_queue_ids();
    options.size_limit = static_cast<std::uint64_t>(params.message_size_limit());
    auto writer = queue::MessageWriter::begin(shared_.directories, open.envelope.arrival, options);
    if (!writer) {
        base::Log{}.warning("create queue file: ", writer.error().text);
        co_return no_file;
    }
    content_began_ = false;
    in_ = std::make_unique<Incoming>(shared_.settings, std::move(*writer), open.options);
    co_await in_->begin(std::move(open.envelope));
    co_return messages::Opened{in_->id()};
}

Task<Result<void>> Session::on(messages::Recipient given)
{
    co_await in_->envelope().recipient(std::move(given.recipient));
    co_return Result<void>{};
}

Task<Result<void>> Session::on(messages::Action given)
{
    return in_->action(std::move(given.action.key), std::move(given.action.value));
}

Task<Result<void>> Session::on(messages::Content content)
{
    if (content.bytes.view.size() > messages::content_limit)
        co_return base::permanent("content frame too large");
    content_began_ = true;
    if (in_->in_body())
        in_->body(content.bytes.view);
    else
        co_await in_->content(content.bytes.view);
    co_return Result<void>{};
}

Task<Finished> Session::store(Incoming& in)
{
    auto named = in.finish();
    if (!named) {
        in.log().warning("write queue file: ", named.error().text);
        co_return failure::write_error;
    }
    auto safe = co_await shared_.committer.commit(std::move(*named));
    if (!safe) {
        in.log().warning("write queue file: ", safe.error().text);
        co_return failure::write_error;
    }
    if (!in.held())
        shared_.qmgr.arrived(in.id());
    co_return Finished{Verdict::Ok, 250, "2.0.0", {}};
}

Task<Result<Finished>> Session::on(messages::Finish)
{
    const auto in = std::move(in_);
    if (in->discarded())
        co_return Finished{Verdict::Ok, 250, "2.0.0", {}};
    co_await in->end();
    if (in->failure())
        co_return *in->failure();
    if (in->discarded()) // By its last line.
        co_return Finished{Verdict::Ok, 250, "2.0.0", {}};
    co_return co_await store(*in);
}

Task<Result<void>> Session::on(messages::Abandon)
{
    in_.reset();
    co_return Result<void>{};
}

} // namespace cleanup
