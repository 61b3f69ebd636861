// SPDX-License-Identifier: Apache-2.0
// Answers to questions about waiting mail, in portions that the loop does not notice; see
// manager.h.
#include "lib/search/explain.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Result;
using base::Task;
using ipc::qmgr::DestinationState;
using ipc::qmgr::Explanation;
using queue::Queue;

namespace {

constexpr auto page_time = std::chrono::milliseconds(2);
constexpr auto room_pause = std::chrono::milliseconds(20);
constexpr std::size_t flushes_at_once = 10;
// Messages found by a flush that wait to be taken up. The rest is looked for when there is room.
constexpr std::size_t flushed_limit = 1000;

// Ends also when the one who asks goes away meanwhile.
class QuestionTurn {
public:
    QuestionTurn(bool& taken, events::Notice& done) : taken_(taken), done_(done) { taken_ = true; }
    QuestionTurn(const QuestionTurn&) = delete;
    QuestionTurn& operator=(const QuestionTurn&) = delete;
    ~QuestionTurn()
    {
        taken_ = false;
        done_.notify();
    }

private:
    bool& taken_;
    events::Notice& done_;
};

} // namespace

struct Manager::MatchingFlush {
    MatchingFlush(search::Filter chosen, const queue::Directories& directories)
        : filter(std::move(chosen)), finder(directories, filter)
    {
    }
    search::Filter filter;
    search::Finder finder;
};

// Lets the loop do everything else once before each question, whoever asks and how many do.
Task<void> Manager::question_turn()
{
    while (question_under_way_)
        co_await question_done_.wait();
    const QuestionTurn turn(question_under_way_, question_done_);
    co_await events::yield(parts_.loop);
}

Result<std::unique_ptr<search::Inquiry>> Manager::begin_search(const ipc::qmgr::Search& question)
{
    return search::Inquiry::begin(question, parts_.directories, wall());
}

Result<ipc::qmgr::Found> Manager::search_page(search::Inquiry& inquiry)
{
    return inquiry.page(parts_.index.get(), parts_.loop.clock(), page_time);
}

Result<void> Manager::flush_matching(const std::vector<ipc::qmgr::FilterTerm>& terms)
{
    auto filter = search::filter_of(terms, wall());
    if (!filter)
        return filter.error();
    if (matching_flushes_ >= flushes_at_once)
        return base::temporary("too many flushes are under way");
    auto flush = std::make_shared<MatchingFlush>(std::move(*filter), parts_.directories);
    deliveries_.spawn(run_flush(std::move(flush)));
    return {};
}

void Manager::flush_found(const mail::QueueId& id)
{
    if (active_.count(id) != 0) {
        parts_.scheduler.flush_message(id);
        pump_wanted_.notify();
    } else if (known_.insert(id).second) {
        due_.push_back({id, Queue::Deferred, true});
        intake_wanted_.notify();
    }
}

// True: all have been looked at.
bool Manager::flush_some(MatchingFlush& flush)
{
    const auto end = parts_.loop.clock().after(page_time);
    const auto enough = [&] {
        return due_.size() >= flushed_limit || end.passed(parts_.loop.clock().mono());
    };
    const auto take = [&](const queue::IndexEntry& entry) {
        if (entry.queue == Queue::Deferred || entry.queue == Queue::Active)
            flush_found(entry.id);
        return true;
    };
    auto ran = flush.finder.run(parts_.index.get(), take, enough);
    if (!ran)
        base::Log{}.warning(ran.error().text);
    return ran ? *ran : ran.error().temporary();
}

Task<void> Manager::run_flush(std::shared_ptr<MatchingFlush> flush)
{
    ++matching_flushes_;
    for (bool over = false; !over && !retired_;) {
        co_await question_turn();
        over = flush_some(*flush);
        while (due_.size() >= flushed_limit && !retired_)
            co_await events::sleep(parts_.loop, room_pause);
    }
    --matching_flushes_;
}

base::WallTime Manager::wall_of(base::MonoTime when) const
{
    return when == base::MonoTime{} ? base::WallTime{} : wall() + (when - now());
}

DestinationState Manager::state_of(const Target& target) const
{
    const DestinationReport report = parts_.scheduler.report(target, now());
    DestinationState state;
    state.transport = target.transport;
    state.next_hop = target.nexthop;
    state.summary = report.summary;
    state.dead = report.dead;
    state.dead_since = wall_of(report.dead_since);
    state.dead_until = wall_of(report.dead_until);
    state.reason = report.reason;
    state.in_delivery = report.in_flight;
    state.concurrency = report.concurrency;
    state.waiting = report.waiting;
    state.rate_delay = report.rate_delay;
    return state;
}

Task<Result<Explanation>> Manager::explain(std::string queue_id)
{
    auto made = search::explain(parts_.directories, queue_id);
    if (!made || !made->found)
        co_return made;
    made->expires = parts_.retry.expiry(made->sender, made->arrival);
    for (auto& recipient : made->recipients) {
        auto route = co_await parts_.router.route(made->sender, recipient.recipient.address);
        if (route)
            recipient.destination =
                state_of({0, route->transport, route->next_hop, route->address});
        else
            recipient.destination.summary = route.error().text;
    }
    co_return made;
}

Task<DestinationState> Manager::explain_address(std::string address)
{
    auto route = co_await parts_.router.route({}, address);
    if (route)
        co_return state_of({0, route->transport, route->next_hop, route->address});
    DestinationState state;
    state.summary = route.error().text;
    co_return state;
}

} // namespace qmgr
