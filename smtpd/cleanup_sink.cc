// SPDX-License-Identifier: Apache-2.0
// Handing messages to cleanup; see cleanup_sink.h.
#include "smtpd/cleanup_sink.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace smtpd {

using base::Result;
using base::Task;
using smtp::ActionKind;

namespace {

constexpr std::size_t idle_limit = 100;
// For messages that follow each other. A later one asks anew, so that a cleanup process whose
// tables have changed on disk gives way to one that knows.
constexpr auto kept_time = std::chrono::seconds(1);
const base::Error lost = base::temporary("connection to cleanup lost");

} // namespace

std::unique_ptr<CleanupClient> CleanupPool::take()
{
    while (!idle_.empty()) {
        Kept kept = std::move(idle_.back());
        idle_.pop_back();
        if (loop_.now() - kept.since > kept_time)
            idle_.clear();
        else if (kept.client->connected())
            return std::move(kept.client);
    }
    return std::make_unique<CleanupClient>(loop_, path_);
}

void CleanupPool::give_back(std::unique_ptr<CleanupClient> client)
{
    if (client->connected() && idle_.size() < idle_limit)
        idle_.push_back({std::move(client), loop_.now()});
}

Task<Result<mail::QueueId>> CleanupSink::try_open(const mail::Envelope& envelope)
{
    client_ = pool_.take();
    ipc::cleanup::Open request{envelope, options_};
    request.envelope.arrival = pool_.clock().wall();
    auto opened = co_await client_->call(request, pool_.deadline());
    if (!opened)
        co_return opened.error();
    co_return std::move(opened->queue_id);
}

bool CleanupSink::tell(std::string_view key, std::string value)
{
    const ipc::cleanup::Action action{{std::string(key), std::move(value)}};
    return action.action.value.empty() || client_->post(action, true);
}

Task<Result<mail::QueueId>> CleanupSink::open(const mail::Envelope& envelope, std::string_view verp)
{
    small_.clear();
    auto id = co_await try_open(envelope);
    if (!id && !client_->connected()) // A kept connection to a process that has since ended.
        id = co_await try_open(envelope);
    // Before what an access rule may ask for instead.
    const bool told = !id || (tell("filter", filter_) && tell("verp", std::string(verp)));
    if (!told)
        co_return lost;
    co_return id;
}

Task<Result<void>> CleanupSink::recipient(const mail::Recipient& recipient)
{
    if (!client_->post(ipc::cleanup::Recipient{recipient}, true))
        co_return lost;
    co_return Result<void>{};
}

static std::string_view key_of(ActionKind kind)
{
    switch (kind) {
    case ActionKind::Prepend: return "prepend";
    case ActionKind::Hold: return "hold";
    case ActionKind::Discard: return "discard";
    case ActionKind::Redirect: return "redirect";
    case ActionKind::Filter: return "filter";
    case ActionKind::Bcc: return "bcc";
    case ActionKind::Warn:
    case ActionKind::Info:
    case ActionKind::RejectWarning:
    case ActionKind::Permit: return {};
    }
    return {};
}

Task<Result<void>> CleanupSink::apply(const smtp::AccessAction& action)
{
    std::string key(key_of(action.kind));
    if (!key.empty() && !client_->post(ipc::cleanup::Action{{key, action.value}}, true))
        co_return lost;
    co_return Result<void>{};
}

bool CleanupSink::post_content(std::string_view bytes)
{
    while (!bytes.empty()) {
        std::size_t size = std::min(bytes.size(), ipc::cleanup::content_limit);
        if (!client_->post(ipc::cleanup::Content{bytes.substr(0, size)}, true))
            return false;
        bytes.remove_prefix(size);
    }
    return true;
}

Task<Result<void>> CleanupSink::content(std::string_view bytes)
{
    if (small_.size() + bytes.size() <= ipc::cleanup::content_limit) {
        small_.append(bytes);
        co_return Result<void>{};
    }
    bool sent = post_content(small_) && post_content(bytes);
    small_.clear();
    if (sent)
        sent = co_await client_->drain(pool_.deadline());
    if (!sent)
        co_return lost;
    co_return Result<void>{};
}

Task<smtp::FinishResult> CleanupSink::finish()
{
    static const std::string broken = "451 4.3.0 Error: queue file write error";
    bool sent = post_content(small_);
    small_.clear();
    if (!sent)
        co_return smtp::FinishResult{broken};
    auto finished = co_await client_->call(ipc::cleanup::Finish{}, pool_.deadline());
    if (!finished)
        co_return smtp::FinishResult{broken};
    pool_.give_back(std::move(client_));
    if (finished->verdict == ipc::cleanup::Verdict::Ok)
        co_return smtp::FinishResult{};
    int code = finished->code != 0                                     ? finished->code
               : finished->verdict == ipc::cleanup::Verdict::Permanent ? 554
                                                                       : 451;
    co_return smtp::FinishResult{base::cat(code, " ", finished->dsn, " ", finished->text)};
}

void CleanupSink::abandon()
{
    small_.clear();
    if (client_ && client_->post(ipc::cleanup::Abandon{}))
        pool_.give_back(std::move(client_));
    client_.reset();
}

} // namespace smtpd
