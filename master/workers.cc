// SPDX-License-Identifier: Apache-2.0
// The books of one service; see workers.h.
#include "master/workers.h"

#include <algorithm>

namespace master {

using ipc::control::State;

Workers::Worker* Workers::find(pid_t pid)
{
    auto found = std::find_if(workers_.begin(), workers_.end(),
                              [&](const Worker& worker) { return worker.pid == pid; });
    return found == workers_.end() ? nullptr : &*found;
}

void Workers::started(pid_t pid, base::MonoTime now)
{
    workers_.push_back({pid, now, false, State::Available});
}

void Workers::reported(pid_t pid, State state)
{
    Worker* worker = find(pid);
    if (worker == nullptr)
        return;
    worker->reported = true;
    if (worker->state != State::Retiring) // There is no way back.
        worker->state = state;
}

void Workers::retired(pid_t pid)
{
    if (Worker* worker = find(pid))
        worker->state = State::Retiring;
}

Workers::Worker Workers::ended(pid_t pid)
{
    Worker* worker = find(pid);
    if (worker == nullptr)
        return {};
    Worker copy = *worker;
    workers_.erase(workers_.begin() + (worker - workers_.data()));
    return copy;
}

bool Workers::room() const
{
    if (limits_.processes == 0)
        return true;
    auto total = static_cast<int>(workers_.size());
    auto leaving =
        static_cast<int>(std::count_if(workers_.begin(), workers_.end(), [](const Worker& worker) {
            return worker.state == State::Retiring;
        }));
    // What may exist only once waits for its predecessor's end. Elsewhere those that only finish
    // their last sessions do not keep new clients out, but they are bounded too.
    if (is_single())
        return total == 0;
    return total - leaving < limits_.processes && total < 2 * limits_.processes;
}

Workers::Demand Workers::demand(base::MonoTime now) const
{
    int active = 0;
    int busy = 0;
    for (const Worker& worker : workers_) {
        bool starting = !worker.reported && worker.state != State::Retiring;
        if (starting && now - worker.started < start_patience)
            return Demand::Served;
        if (worker.reported && worker.state == State::Available)
            return Demand::Served;
        active += worker.state != State::Retiring ? 1 : 0;
        busy += worker.state == State::Busy ? 1 : 0;
    }
    if (busy > 0)
        return active < limits_.processors && room() ? Demand::Another : Demand::Served;
    return room() ? Demand::Another : Demand::Limited;
}

pid_t Workers::any_active() const
{
    auto found = std::find_if(workers_.begin(), workers_.end(),
                              [](const Worker& worker) { return worker.state != State::Retiring; });
    return found == workers_.end() ? 0 : found->pid;
}

} // namespace master
