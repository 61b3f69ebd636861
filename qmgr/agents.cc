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
using ipc::delivery::Delivered;

namespace {

constexpr auto announce_time = std::chrono::seconds(30);
constexpr auto answer_time = std::chrono::hours(2);
// A delivery whose agent died is given to another one so often before the transport counts as
// broken.
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
    if (!capacity)
        co_return capacity.error();
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
    while (true) {
        auto worker = choose(target, destination);
        bool wanted = wants_worker(target);
        if (worker && wanted)
            growing_.spawn(add_worker_aside(name, target));
        if (worker)
            co_return worker;
        if (!wanted) {
            co_await target.changed.wait();
            continue;
        }
        auto added = co_await add_worker(name, target);
        if (!added)
            co_return added.error();
    }
}

Task<Result<Delivered>> Agents::deliver(std::string name, std::string destination, Deliver request)
{
    base::Error last = base::temporary("mail transport unavailable");
    for (int attempt = 0; attempt < attempts_with_dying_agents; ++attempt) {
        auto worker = co_await worker_for(name, destination);
        if (!worker)
            co_return worker.error();
        auto copy = request.message.fd.duplicate();
        if (!copy)
            co_return copy.error();
        Deliver again = {ipc::Descriptor{std::move(*copy)},
                         request.queue_id,
                         request.envelope,
                         request.content,
                         request.next_hop,
                         request.recipients,
                         request.activated,
                         request.queued_for,
                         request.trace};
        ++(*worker)->busy;
        auto delivered =
            co_await (*worker)->connection.call(std::move(again), loop_.clock().after(answer_time));
        --(*worker)->busy;
        transport(name).changed.notify();
        if (delivered && delivered->outcomes.size() == request.recipients.size())
            co_return delivered;
        last =
            delivered ? base::temporary("delivery agent gave a wrong answer") : delivered.error();
    }
    co_return last;
}

} // namespace qmgr
