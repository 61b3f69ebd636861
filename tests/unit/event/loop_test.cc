// SPDX-License-Identifier: Apache-2.0
// The loop: fairness, cancellation, time, signals, level-triggered input.
#include "lib/event/loop.h"

#include <csignal>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/task.h"
#include "lib/event/input.h"
#include "lib/event/signals.h"
#include "lib/event/timer.h"

using namespace std::chrono_literals;
using base::Task;

namespace {

Task<void> count(events::Loop& loop, std::string& trace, char name, int times)
{
    for (int i = 0; i < times; ++i) {
        trace.push_back(name);
        co_await events::yield(loop);
    }
}

Task<void> sleep_and_note(events::Loop& loop, std::string& trace, char name, base::Duration wait)
{
    co_await events::sleep(loop, wait);
    trace.push_back(name);
}

Task<void> sleep_and_stop(events::Loop& loop, base::Duration wait)
{
    co_await events::sleep(loop, wait);
    loop.stop();
}

TEST(Loop, ReturnsWhenNothingIsLeft)
{
    events::Loop loop;
    loop.run();
}

TEST(Loop, TasksThatYieldTakeTurns)
{
    events::Loop loop;
    std::string trace;
    base::Scope scope;
    scope.spawn(count(loop, trace, 'a', 3));
    scope.spawn(count(loop, trace, 'b', 3));
    loop.run();
    EXPECT_EQ(trace, "ababab");
    EXPECT_TRUE(scope.empty());
}

TEST(Loop, YieldingTasksDoNotStarveTimers)
{
    events::Loop loop;
    std::string trace;
    base::Scope scope;
    scope.spawn(count(loop, trace, 'a', 1'000'000'000));
    scope.spawn(sleep_and_stop(loop, 5ms));
    loop.run();
    EXPECT_GT(trace.size(), 1u);
}

TEST(Loop, ACancelledTaskIsNeverResumed)
{
    events::Loop loop;
    std::string trace;
    base::Scope scope;
    scope.spawn(count(loop, trace, 'a', 3));
    scope.spawn(sleep_and_note(loop, trace, 's', 1ms));
    scope.cancel();
    base::Scope other;
    other.spawn(sleep_and_stop(loop, 10ms));
    loop.run();
    EXPECT_EQ(trace, "a");
}

Task<void> cancel_other(events::Loop& loop, base::Scope& other)
{
    co_await events::yield(loop);
    other.cancel();
}

TEST(Loop, ATaskMayCancelOneThatWaitsInTheSameTurn)
{
    events::Loop loop;
    std::string trace;
    base::Scope victim;
    base::Scope killer;
    killer.spawn(cancel_other(loop, victim));
    victim.spawn(count(loop, trace, 'v', 3));
    loop.run();
    EXPECT_EQ(trace, "v");
}

TEST(Loop, SleepersWakeInTheOrderOfTheirTimes)
{
    events::Loop loop;
    std::string trace;
    base::Scope scope;
    scope.spawn(sleep_and_note(loop, trace, '3', 9ms));
    scope.spawn(sleep_and_note(loop, trace, '1', 1ms));
    scope.spawn(sleep_and_note(loop, trace, '2', 5ms));
    loop.run();
    EXPECT_EQ(trace, "123");
}

TEST(Loop, ATurnEndsInTimeAndLeavesNothingBehind)
{
    events::Loop loop;
    for (int i = 0; i < 3; ++i) {
        auto start = loop.now();
        loop.turn(2ms);
        EXPECT_GE(loop.now() - start, 1ms);
    }
    auto start = loop.now();
    loop.run(); // A turn's end is no event that is left.
    EXPECT_LT(loop.now() - start, 1s);
}

TEST(Timer, CanBeMovedAndDisarmed)
{
    events::Loop loop;
    int fired = 0;
    auto fire = [](void* count) { ++*static_cast<int*>(count); };
    events::Timer moved(loop, fire, &fired);
    events::Timer off(loop, fire, &fired);
    moved.arm(loop.now() + 1h);
    moved.arm(loop.now() + 1ms);
    off.arm(loop.now() + 1ms);
    off.disarm();
    loop.run();
    EXPECT_EQ(fired, 1);
    EXPECT_FALSE(moved.armed());
}

TEST(Signal, ComesAsAnEvent)
{
    events::Loop loop;
    int seen = 0;
    events::Signal signal(
        loop, SIGUSR1, [](void* count) { ++*static_cast<int*>(count); }, &seen);
    ::raise(SIGUSR1);
    loop.turn(100ms);
    EXPECT_EQ(seen, 1);
}

TEST(Input, TellsAgainUntilSomebodyReads)
{
    events::Loop loop;
    auto pipe = base::pipe_pair();
    ASSERT_TRUE(pipe);
    int seen = 0;
    events::Input input(
        loop, pipe->first.number(), [](void* count) { ++*static_cast<int*>(count); }, &seen);
    ASSERT_EQ(::write(pipe->second.number(), "x", 1), 1);
    loop.turn(1ms);
    EXPECT_EQ(seen, 0) << "not switched on";
    input.watch(true);
    loop.turn(100ms);
    loop.turn(100ms);
    EXPECT_EQ(seen, 2);
    input.watch(false);
    loop.turn(1ms);
    EXPECT_EQ(seen, 2);
    input.watch(true);
    loop.turn(100ms);
    EXPECT_EQ(seen, 3) << "what waited before is told too";
}

} // namespace
