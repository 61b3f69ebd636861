// SPDX-License-Identifier: Apache-2.0
// The pool of threads.
#include "lib/event/offload.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "lib/base/task.h"

using namespace std::chrono_literals;
using base::Task;

namespace {

struct Slow {
    std::shared_ptr<std::atomic<int>> done;
    int operator()()
    {
        std::this_thread::sleep_for(5ms);
        return ++*done;
    }
};

Task<void> run_one(events::Offload& pool, std::shared_ptr<std::atomic<int>> done, int& finished)
{
    Slow slow{done};
    int value = co_await pool.run(std::move(slow));
    EXPECT_GT(value, 0);
    ++finished;
}

Task<void> stop_when(events::Loop& loop, int& finished, int wanted)
{
    while (finished < wanted)
        co_await events::sleep(loop, 1ms);
    loop.stop();
}

TEST(Offload, GivesEachCallItsResult)
{
    events::Loop loop;
    events::Offload pool(loop, 4);
    auto done = std::make_shared<std::atomic<int>>(0);
    int finished = 0;
    base::Scope scope;
    for (int i = 0; i < 40; ++i)
        scope.spawn(run_one(pool, done, finished));
    scope.spawn(stop_when(loop, finished, 40));
    loop.run();
    EXPECT_EQ(finished, 40);
    EXPECT_EQ(*done, 40);
}

TEST(Offload, ACallWhoseTaskIsCancelledRunsToItsEndAlone)
{
    events::Loop loop;
    auto done = std::make_shared<std::atomic<int>>(0);
    int finished = 0;
    {
        events::Offload pool(loop, 1);
        base::Scope scope;
        scope.spawn(run_one(pool, done, finished)); // Runs.
        scope.spawn(run_one(pool, done, finished)); // Waits in the queue.
        std::this_thread::sleep_for(1ms);
        scope.cancel();
        loop.turn(20ms);
    }
    EXPECT_EQ(*done, 2);
    EXPECT_EQ(finished, 0);
}

} // namespace
