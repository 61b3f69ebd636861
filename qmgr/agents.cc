// SPDX-License-Identifier: Apache-2.0
// Delivery agent connections; see agents.h.
#include "qmgr/agents.h"

#include <algorithm>
#include <functional>
#include <thread>

#include "lib/base/log.h"

namespace qmgr {

using base::Result;
using base::Task;
using ipc::delivery::Deliver;

namespace {

constexpr auto announce_time = std::chrono::seconds(30);
constexpr auto answer_time = std::chrono::hours(2);
// A delivery whose agent died is given to another one so often; then the message may be the reason,
// and waits for its next turn.
constexpr int attempts_with_dying_agents = 3;
// With so many deliveries per worker another process is of use, if there is a processor for it.
constexpr std::size_t crowd = 64;

} // namespace

Agents::Agents(events::Loop& loop, std::map<std::string, std::size_t, std::less<>> process_limits,
               std::size_t default_limit)
    : loop_(loop), process_limits_(std::move(process_limits)), default_limit_(default_limit)
{
}

Agents::Transport& Agents::transport(const std::string& name)
{
    auto [found, fresh] = transports_.try_emplace(name, loop_);
    if (fresh) {
        auto limit = process_limits_.find(name);
        found->second.limit = limit == process_limits_.end() ? default_limit_ : limit->second;
    }
    return found->second;
}

std::shared_ptr<Agents::Worker> Agents::choose(Transport& transport, const std::string& destination)
{
    auto& workers = transport.workers;
    std::erase_if(workers, [](const auto& worker) { return !worker->connection.connected(); });
    if (workers.empty())
        return nullptr;
    auto& usual = workers[std::hash<std::string>{}(destination) % workers.size()];
    if (usual->has_room())
        return usual;
    auto idlest =
        std::min_element(workers.begin(), workers.end(), [](const auto& a, const auto& b) {
            return a->has_room() != b->has_room() ? a->has_room() : a->busy < b->busy;
        });
    return (*idlest)->has_room() ? *idlest : nullptr;
}

bool Agents::wants_worker(const Transport& transport) const
{
    std::size_t busy = 0, room = 0;
    for (const auto& worker : transport.workers) {
        busy += worker->busy;
        room += worker->has_room() ? worker->capacity - worker->busy : 0;
    }
    std::size_t count = transport.workers.size();
    if (transport.connecting || count >= transport.limit)
        return false;
    bool processor_free = count < std::max(1u, std::thread::hardware_concurrency());
    return room == 0 || (processor_free && busy > crowd * count);
}

Task<Result<void>> Agents::add_worker(std::string name, Transport& transport)
{
    transport.connecting = true;
    auto worker = std::make_shared<Worker>(loop_, "private/" + name);
    auto capacity = co_await worker->connection.call(ipc::delivery::Announce{},
                                                     loop_.clock().after(announce_time));
    transport.connecting = false;
    transport.changed.notify();
    if (!capacity) {
        ++transport.failures;
        transport.failure = capacity.error();
        co_return capacity.error();
    }
    worker->capacity = std::max<std::size_t>(1, capacity->requests);
    transport.workers.push_back(std::move(worker));
    co_return Result<void>{};
}

Task<void> Agents::add_worker_aside(std::string name, Transport& transport)
{
    auto added = co_await add_worker(std::move(name), transport);
    if (!added)
        base::Log{}.warning("another delivery agent: ", added.error().text);
}

Task<Result<std::shared_ptr<Agents::Worker>>> Agents::worker_for(std::string name,
                                                                 std::string destination)
{
    Transport& target = transport(name);
    const std::uint64_t failures = target.failures;
    while (true) {
        auto worker = choose(target, destination);
        bool wanted = wants_worker(target);
        if (worker && wanted)
            growing_.spawn(add_worker_aside(name, target));
        if (worker)
            co_return worker;
        // Who waited while the only attempt to get a worker failed does not begin another one.
        if (target.workers.empty() && target.failures != failures)
            co_return target.failure;
        if (!wanted) {
            co_await target.changed.wait();
            continue;
        }
        auto added = co_await add_worker(name, target);
        if (!added)
            co_return added.error();
    }
}

Task<Attempt> Agents::deliver(std::string name, std::string destination, const Deliver& request)
{
    Attempt attempt;
    for (int i = 0; i < attempts_with_dying_agents; ++i) {
        auto worker = co_await worker_for(name, destination);
        if (!worker) {
            attempt.kind = Attempt::Kind::NoAgent;
            attempt.reason = worker.error().text;
            co_return attempt;
        }
        auto& connection = (*worker)->connection;
        ++(*worker)->busy;
        auto delivered = co_await connection.call_kept(request, loop_.clock().after(answer_time));
        --(*worker)->busy;
        transport(name).changed.notify();
        bool complete = delivered && delivered->outcomes.size() == request.recipients.size();
        attempt.kind = complete ? Attempt::Kind::Answered : Attempt::Kind::AgentFailed;
        if (complete)
            attempt.delivered = std::move(*delivered);
        else
            attempt.reason = delivered ? "wrong number of results" : delivered.error().text;
        // A live agent may still be at it: only what a dead one had begun is begun again.
        if (complete || connection.connected())
            co_return attempt;
    }
    co_return attempt;
}

} // namespace qmgr
