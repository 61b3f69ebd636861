// SPDX-License-Identifier: Apache-2.0
// Counts of clients, and what becomes of them when a server process goes away.
#include "services/anvil/server.h"

#include <gtest/gtest.h>

namespace anvil {
namespace {

using ipc::anvil::Event;
using std::chrono::seconds;

class CountersTest : public ::testing::Test {
protected:
    base::ManualClock clock;
    Counters counters{{seconds(60), 3}, clock};
};

TEST_F(CountersTest, CountsSessionsAndEventsOfEachClient)
{
    EXPECT_EQ(counters.connect("smtp:a").sessions, 1u);
    auto second = counters.connect("smtp:a");
    EXPECT_EQ(second.sessions, 2u);
    EXPECT_EQ(second.rate, 2u);
    EXPECT_EQ(counters.connect("smtp:b").rate, 1u);
    EXPECT_EQ(counters.count("smtp:a", Event::Message).rate, 1u);
    EXPECT_EQ(counters.count("smtp:a", Event::Message).rate, 2u);
    EXPECT_EQ(counters.count("smtp:a", Event::Recipient).rate, 1u);
    counters.disconnect("smtp:a");
    EXPECT_EQ(counters.connect("smtp:a").sessions, 2u);
}

TEST_F(CountersTest, BeginsAnewWhenTheUnitIsOver)
{
    counters.count("a", Event::Message);
    clock.advance(seconds(59));
    EXPECT_EQ(counters.count("a", Event::Message).rate, 2u);
    clock.advance(seconds(1));
    EXPECT_EQ(counters.count("a", Event::Message).rate, 1u);
}

TEST_F(CountersTest, AnOpenSessionOutlivesTheUnit)
{
    counters.connect("a");
    clock.advance(seconds(600));
    auto usage = counters.connect("a");
    EXPECT_EQ(usage.sessions, 2u);
    EXPECT_EQ(usage.rate, 1u);
}

TEST_F(CountersTest, ForgetsTheSilentToMakeRoom)
{
    for (const char* client : {"a", "b", "c"}) {
        counters.connect(client);
        counters.disconnect(client);
    }
    EXPECT_EQ(counters.connect("d").rate, 0u); // No place yet.
    clock.advance(seconds(60));
    EXPECT_EQ(counters.connect("d").rate, 1u);
    EXPECT_LE(counters.clients(), 3u);
}

TEST_F(CountersTest, KeepsThoseWithSessionsWhenRoomIsShort)
{
    counters.connect("a");
    counters.connect("b");
    counters.connect("c");
    clock.advance(seconds(600));
    EXPECT_EQ(counters.connect("d").sessions, 0u);
    EXPECT_EQ(counters.connect("a").sessions, 2u);
}

TEST_F(CountersTest, TellsTheLargestCountsOnce)
{
    counters.connect("smtp:192.0.2.1");
    counters.connect("smtp:192.0.2.1");
    counters.count("smtp:192.0.2.1", Event::Recipient);
    auto lines = counters.take_statistics();
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_TRUE(
        lines[0].starts_with("statistics: max connection rate 2/60s for (smtp:192.0.2.1) at "))
        << lines[0];
    EXPECT_TRUE(
        lines[1].starts_with("statistics: max connection count 2 for (smtp:192.0.2.1) at "));
    EXPECT_TRUE(lines[2].starts_with("statistics: max recipient rate 1/60s for (smtp:"));
    EXPECT_TRUE(lines[3].starts_with("statistics: max cache size 1 at "));
    EXPECT_TRUE(counters.take_statistics().empty());
}

// Runs a task that has nothing to wait for.
template <typename T> base::Task<void> take(base::Task<base::Result<T>> task, bool& ok)
{
    auto result = co_await std::move(task);
    ok = result.ok();
}
template <typename T> bool succeeds(base::Task<base::Result<T>> task)
{
    bool ok = false;
    base::Scope scope;
    scope.spawn(take(std::move(task), ok));
    return ok;
}

TEST_F(CountersTest, AProcessThatDiesClosesItsSessions)
{
    {
        Session process(counters);
        EXPECT_TRUE(succeeds(process.on(ipc::anvil::Connect{"a"})));
        EXPECT_TRUE(succeeds(process.on(ipc::anvil::Connect{"a"})));
        EXPECT_TRUE(succeeds(process.on(ipc::anvil::Disconnect{"a"})));
    }
    EXPECT_EQ(counters.connect("a").sessions, 1u);
}

TEST_F(CountersTest, ASessionFromBeforeOurTimeMayEnd)
{
    Session process(counters);
    EXPECT_TRUE(succeeds(process.on(ipc::anvil::Connect{"a"})));
    EXPECT_TRUE(succeeds(process.on(ipc::anvil::Disconnect{"before"})));
    EXPECT_EQ(counters.connect("a").sessions, 2u);
    EXPECT_EQ(counters.connect("before").sessions, 1u);
}

TEST_F(CountersTest, RefusesNonsense)
{
    Session process(counters);
    EXPECT_FALSE(succeeds(process.on(ipc::anvil::Connect{std::string(201, 'x')})));
    EXPECT_FALSE(succeeds(process.on(ipc::anvil::Count{std::string(201, 'x'), Event::Message})));
}

} // namespace
} // namespace anvil
