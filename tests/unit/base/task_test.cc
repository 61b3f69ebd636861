// SPDX-License-Identifier: Apache-2.0
#include "lib/base/task.h"

#include <gtest/gtest.h>
#include <string>

using base::Scope;
using base::Task;

namespace {

// A wait that a test releases by hand, and that notes when it is destroyed while waiting.
struct Gate {
    std::coroutine_handle<> waiting;
    int cancelled = 0;

    struct Wait {
        Gate& gate;
        bool suspended = false;
        bool await_ready() { return false; }
        void await_suspend(std::coroutine_handle<> handle)
        {
            gate.waiting = handle;
            suspended = true;
        }
        void await_resume() { suspended = false; }
        ~Wait() { gate.cancelled += suspended; }
    };
    Wait wait() { return Wait{*this}; }
    void open() { std::exchange(waiting, nullptr).resume(); }
};

Task<int> answer()
{
    co_return 42;
}

Task<int> sum_of_many(int count)
{
    int sum = 0;
    for (int i = 0; i < count; ++i)
        sum += co_await answer();
    co_return sum;
}

Task<void> store(Task<int> task, int& out)
{
    out = co_await std::move(task);
}

Task<void> pass(Gate& gate, std::string& trace)
{
    trace += 'a';
    co_await gate.wait();
    trace += 'b';
}

Task<void> pass_nested(Gate& gate, std::string& trace)
{
    co_await pass(gate, trace);
    co_await pass(gate, trace);
    trace += 'c';
}

} // namespace

TEST(Task, ReturnsItsValue)
{
    Scope scope;
    int got = 0;
    scope.spawn(store(answer(), got));
    EXPECT_EQ(got, 42);
    EXPECT_TRUE(scope.empty());
}

TEST(Task, MillionSynchronousAwaitsUseNoStack)
{
    Scope scope;
    int got = 0;
    scope.spawn(store(sum_of_many(1'000'000), got));
    EXPECT_EQ(got, 42'000'000);
}

TEST(Task, ResumesThroughNestedTasks)
{
    Gate gate;
    std::string trace;
    Scope scope;
    scope.spawn(pass_nested(gate, trace));
    EXPECT_EQ(trace, "a");
    gate.open();
    EXPECT_EQ(trace, "aba");
    EXPECT_EQ(scope.size(), 1u);
    gate.open();
    EXPECT_EQ(trace, "ababc");
    EXPECT_TRUE(scope.empty());
}

TEST(Scope, CancelsWhatStillWaits)
{
    Gate gate;
    std::string trace;
    {
        Scope scope;
        scope.spawn(pass_nested(gate, trace));
    }
    EXPECT_EQ(gate.cancelled, 1);
    EXPECT_EQ(trace, "a");
}

TEST(Scope, KeepsTasksApart)
{
    Gate first, second;
    std::string a, b;
    Scope scope;
    scope.spawn(pass(first, a));
    scope.spawn(pass(second, b));
    EXPECT_EQ(scope.size(), 2u);
    first.open();
    EXPECT_EQ(scope.size(), 1u);
    EXPECT_EQ(a, "ab");
    EXPECT_EQ(b, "a");
}
