// SPDX-License-Identifier: Apache-2.0
// Group commit; see committer.h.
#include "cleanup/committer.h"

#include <algorithm>
#include <iterator>

namespace cleanup {

using base::Result;

// More in one batch would make the first of them wait for the last.
static constexpr std::size_t batch_limit = 32;

Committer::Committer(events::Loop& loop, queue::Disk& disk, unsigned threads)
    : loop_(loop), disk_(disk), threads_(threads), pool_(loop, threads)
{
}

namespace {

// What a pool thread runs; it owns the messages.
struct SyncBatch {
    queue::Disk* disk;
    std::vector<queue::UncommittedMessage> messages;

    std::vector<Result<void>> operator()()
    {
        std::vector<Result<void>> results(messages.size());
        queue::commit(*disk, messages, results);
        return results;
    }
};

} // namespace

base::Task<void> Committer::run_batch(std::vector<Waiting> batch)
{
    SyncBatch work{&disk_, {}};
    for (auto& waiting : batch)
        work.messages.push_back(std::move(waiting.message));
    auto results = co_await pool_.run(std::move(work));
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i].done->put(std::move(results[i]));
    --active_;
    start_batches();
}

void Committer::start_batches()
{
    while (!waiting_.empty() && active_ < threads_) {
        std::vector<Waiting> batch;
        std::size_t count = std::min(waiting_.size(), batch_limit);
        auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
        batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
        ++active_;
        running_.spawn(run_batch(std::move(batch)));
    }
}

base::Task<Result<void>> Committer::commit(queue::UncommittedMessage message)
{
    auto done = std::make_shared<Mailbox>(loop_);
    waiting_.push_back({std::move(message), done});
    start_batches();
    while (!done->full())
        co_await done->wait(base::Deadline::never());
    co_return done->take();
}

} // namespace cleanup
