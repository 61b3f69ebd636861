// SPDX-License-Identifier: Apache-2.0
// Connections to proxymap; see proxy_pool.h.
#include "lib/table/proxy_pool.h"

#include <algorithm>

#include "lib/event/loop.h"
#include "lib/event/notice.h"

namespace table {

static constexpr base::Duration timer_slack = std::chrono::milliseconds(10);

// One call's claim to a lane: waits in the list, then has one, and gives it back, whatever ends it.
class ProxyPool::Turn {
public:
    Turn(ProxyPool& pool, const std::string& table)
        : pool_(pool), table_(table), granted_(pool.loop_)
    {
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn()
    {
        if (is_waiting_)
            pool_.waiting_.erase(place_);
        if (lane_ == nullptr)
            return;
        if (!answered_) // What comes of it later is nobody's answer.
            lane_->client.disconnect();
        pool_.release(*lane_, table_);
    }

    const std::string& table() const { return table_; }
    Lane* lane() const { return lane_; }
    void answered() { answered_ = true; }
    void grant(Lane& lane)
    {
        is_waiting_ = false;
        lane_ = &lane;
        granted_.notify();
    }

    // Has a lane afterwards, unless the deadline passed.
    base::Task<void> take(base::Deadline deadline)
    {
        lane_ = pool_.free_lane(table_);
        if (lane_ == nullptr && pool_.lanes_.empty())
            lane_ = pool_.new_lane(table_);
        if (lane_ != nullptr)
            co_return;
        place_ = pool_.waiting_.insert(pool_.waiting_.end(), this);
        is_waiting_ = true;
        auto patient = pool_.loop_.clock().after(pool_.limits_.patience);
        co_await granted_.wait(patient);
        if (lane_ == nullptr)
            if (Lane* lane = pool_.new_lane(table_))
                stop_waiting(*lane);
        while (lane_ == nullptr) {
            const bool in_time = co_await granted_.wait(deadline);
            if (!in_time)
                co_return;
        }
    }

private:
    void stop_waiting(Lane& lane)
    {
        pool_.waiting_.erase(place_);
        is_waiting_ = false;
        lane_ = &lane;
    }

    ProxyPool& pool_;
    const std::string table_;
    events::Notice granted_;
    Lane* lane_ = nullptr;
    bool is_waiting_ = false;
    std::list<Turn*>::iterator place_;
    bool answered_ = false;
};

ProxyPool::ProxyPool(events::Loop& loop, std::string path, ProxyPoolLimits limits)
    : loop_(loop), path_(std::move(path)), limits_(limits),
      idle_timer_(
          loop, [](void* self) { static_cast<ProxyPool*>(self)->close_idle(); }, this)
{
}

ProxyPool::~ProxyPool() = default;

bool ProxyPool::has_share(const std::string& table) const
{
    auto found = in_use_.find(table);
    return found == in_use_.end() || found->second < limits_.per_table;
}

void ProxyPool::occupy(Lane& lane, const std::string& table)
{
    lane.busy = true;
    ++in_use_[table];
}

ProxyPool::Lane* ProxyPool::free_lane(const std::string& table)
{
    if (!has_share(table))
        return nullptr;
    for (Lane& lane : lanes_) {
        if (lane.busy)
            continue;
        occupy(lane, table);
        return &lane;
    }
    return nullptr;
}

ProxyPool::Lane* ProxyPool::new_lane(const std::string& table)
{
    if (!has_share(table) || lanes_.size() >= limits_.connections)
        return nullptr;
    Lane& lane = lanes_.emplace_back(loop_, path_);
    occupy(lane, table);
    return &lane;
}

// The lane goes to the first who waits and whose table has not got its share.
void ProxyPool::release(Lane& lane, const std::string& table)
{
    auto used = in_use_.find(table);
    if (--used->second == 0)
        in_use_.erase(used);
    lane.busy = false;
    auto next = std::find_if(waiting_.begin(), waiting_.end(),
                             [this](const Turn* turn) { return has_share(turn->table()); });
    if (next != waiting_.end()) {
        Turn* turn = *next;
        waiting_.erase(next);
        occupy(lane, turn->table());
        turn->grant(lane);
        return;
    }
    lane.since = loop_.now();
    if (!idle_timer_.armed())
        idle_timer_.arm(lane.since + limits_.idle);
}

void ProxyPool::close_idle()
{
    const auto now = loop_.now();
    lanes_.remove_if(
        [&](const Lane& lane) { return !lane.busy && now - lane.since >= limits_.idle; });
    auto next = base::MonoTime::max();
    for (const Lane& lane : lanes_)
        if (!lane.busy)
            next = std::min(next, lane.since + limits_.idle);
    if (next != base::MonoTime::max())
        idle_timer_.arm(next);
}

base::Task<ProxyPool::Answer> ProxyPool::ask(ipc::proxymap::Lookup request)
{
    const auto deadline = loop_.clock().after(limits_.lookup);
    Turn turn(*this, request.table);
    co_await turn.take(deadline);
    if (turn.lane() == nullptr)
        co_return base::temporary("too many look-ups wait for answers");
    auto answer = co_await turn.lane()->client.call(request, deadline);
    // An error that came in time is an answer too. Timers may ring a little early.
    if (answer || loop_.now() + timer_slack < deadline.when())
        turn.answered();
    co_return answer;
}

} // namespace table
