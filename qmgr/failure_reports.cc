// SPDX-License-Identifier: Apache-2.0
// News for the failures service; see failure_reports.h.
#include "qmgr/failure_reports.h"

#include <algorithm>
#include <utility>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/event/timer.h"

namespace qmgr {

using base::Task;
namespace wire = ipc::failures;

namespace {

constexpr std::size_t waiting_limit = 10'000;
constexpr std::size_t batch_limit = 1'000;
constexpr std::size_t known_limit = 1'000'000;
constexpr auto collect_time = std::chrono::seconds(1);
constexpr auto pause_after_trouble = std::chrono::seconds(5);
// At a start the service may take its time; that is no news.
constexpr unsigned troubles_to_tell = 4;
constexpr auto call_time = std::chrono::seconds(30);
constexpr auto ask_time = std::chrono::seconds(2);
constexpr auto ask_pause = std::chrono::milliseconds(100);

// Another host has spoken, or its DNS has: what this host decides itself, it decides anew each
// time.
bool is_remote(const mail::Outcome& outcome)
{
    const bool by_socket = outcome.relay.find('/') != std::string::npos;
    return (!outcome.mta.empty() && !by_socket) || outcome.failure.kind == mail::FailureClass::Dns;
}

} // namespace

FailureReports::FailureReports(events::Loop& loop, Settings settings)
    : service_(loop, settings.socket), settings_(std::move(settings)), wanted_(loop)
{
}

void FailureReports::remember(std::uint64_t number)
{
    if (known_.size() < known_limit)
        known_.insert(number);
}

bool FailureReports::knows(std::string_view address) const
{
    if (known_.empty())
        return false;
    const auto number = [](std::string_view subject) { return wire::subject_number(subject); };
    return known_.contains(number(wire::subject_of(address))) ||
           known_.contains(number(wire::domain_subject_of(address)));
}

void FailureReports::note(const std::string& queue_id, const std::string& address,
                          const mail::Outcome& outcome)
{
    const bool failed = outcome.failure.kind != mail::FailureClass::None;
    if (!failed && (outcome.status != mail::Status::Sent || !knows(address)))
        return;
    if (failed) {
        remember(wire::subject_number(wire::subject_of(address)));
        remember(wire::subject_number(wire::domain_subject_of(address)));
    }
    if (events_.size() == waiting_limit) {
        events_.pop_front();
        ++forgotten_;
    }
    const std::string& said = outcome.reply.empty() ? outcome.text : outcome.reply;
    events_.push_back({address, queue_id, outcome.failure, outcome.status == mail::Status::Bounced,
                       is_remote(outcome), outcome.when, outcome.dsn,
                       said.substr(0, wire::reply_limit)});
    if (events_.size() == 1) {
        if (!std::exchange(at_work_, true))
            settings_.begin_work();
        wanted_.notify();
    }
}

void FailureReports::complain(const base::Error& error)
{
    if (++troubles_ == troubles_to_tell)
        base::Log{}.warning("cannot tell the failures service: ", error.text);
}

// Of whom there are entries from earlier times. Until that is known, successes are not told.
Task<bool> FailureReports::recall()
{
    wire::Recall recall;
    while (true) {
        auto known = co_await service_.call(recall, service_.loop().clock().after(call_time));
        if (!known) {
            complain(known.error());
            co_return false;
        }
        for (const std::uint64_t number : known->subjects)
            remember(number);
        if (known->next.empty())
            break;
        recall.after = known->next;
    }
    recalled_ = true;
    troubles_ = 0;
    co_return true;
}

Task<bool> FailureReports::send()
{
    wire::Note note;
    const auto count = static_cast<std::ptrdiff_t>(std::min(events_.size(), batch_limit));
    note.events.assign(events_.begin(), events_.begin() + count);
    forgotten_ = 0;
    auto told = co_await service_.call(note, service_.loop().clock().after(call_time));
    if (!told) {
        complain(told.error());
        co_return false;
    }
    troubles_ = 0;
    // Meanwhile others may have come, and the oldest may have gone.
    const auto sent = count - static_cast<std::ptrdiff_t>(
                                  std::min<std::uint64_t>(forgotten_, note.events.size()));
    events_.erase(events_.begin(), events_.begin() + sent);
    co_return true;
}

Task<void> FailureReports::run()
{
    while (true) {
        bool good = recalled_;
        if (!good)
            good = co_await recall();
        if (good && !events_.empty())
            good = co_await send();
        if ((!good || events_.empty()) && std::exchange(at_work_, false))
            settings_.end_work();
        if (troubles_ >= troubles_to_tell)
            co_await events::sleep(service_.loop(), pause_after_trouble);
        else if (good && events_.empty())
            co_await wanted_.wait();
        co_await events::sleep(service_.loop(), collect_time);
    }
}

// The service is just starting, as we are: after a reload it waits for the one before it.
bool FailureReports::untold() const
{
    return !recalled_ && troubles_ < troubles_to_tell;
}

Task<std::string> FailureReports::suppressed(std::string address)
{
    if (!settings_.suppress || (!untold() && !knows(address)))
        co_return std::string();
    wire::Ask ask;
    ask.address = address;
    const auto deadline = service_.loop().clock().after(ask_time);
    auto verdict = co_await service_.call(ask, deadline);
    while (!verdict && untold() && !deadline.passed(service_.loop().clock().mono())) {
        co_await events::sleep(service_.loop(), ask_pause);
        verdict = co_await service_.call(ask, deadline);
    }
    if (!verdict || !verdict->suppressed)
        co_return std::string();
    co_return std::move(verdict->text);
}

} // namespace qmgr
