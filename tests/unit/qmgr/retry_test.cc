// SPDX-License-Identifier: Apache-2.0
#include "qmgr/retry.h"

#include <gtest/gtest.h>
#include <set>

using namespace std::chrono_literals;
using base::WallTime;
using qmgr::RetryPolicy;

namespace {
const WallTime arrival{1'700'000'000s};
}

TEST(RetryPolicy, WaitsTheMessagesAgeBetweenTheTwoBackoffTimesPlusUpToAQuarter)
{
    RetryPolicy policy{{}, 7};
    struct {
        base::Duration age, least;
    } const table[] = {{0s, 300s},     {10s, 300s},    {299s, 300s}, {1000s, 1000s},
                       {4000s, 4000s}, {9000s, 4000s}, {-50s, 300s}};
    for (const auto& row : table)
        for (int i = 0; i < 200; ++i) {
            const auto pause = policy.next_attempt(arrival, arrival + row.age) - arrival - row.age;
            EXPECT_GE(pause, row.least);
            EXPECT_LE(pause, row.least + row.least / 4);
        }
}

TEST(RetryPolicy, SpreadsMailThatFailedTogether)
{
    RetryPolicy policy{{}, 7};
    std::set<WallTime> times;
    for (int i = 0; i < 100; ++i)
        times.insert(policy.next_attempt(arrival, arrival));
    EXPECT_GT(times.size(), 95u);
}

TEST(RetryPolicy, DoublesThePauseWithEachAttempt)
{
    RetryPolicy policy{{}, 7};
    const WallTime first = policy.next_attempt(arrival, arrival);
    const WallTime second = policy.next_attempt(arrival, first);
    const WallTime third = policy.next_attempt(arrival, second);
    EXPECT_GE(second - arrival, 2 * (first - arrival));
    EXPECT_GE(third - arrival, 2 * (second - arrival));
}

TEST(RetryPolicy, IsNotEarlierThanTheDestinationIsUseful)
{
    RetryPolicy policy{{}, 7};
    const WallTime useful = arrival + 3600s;
    for (int i = 0; i < 100; ++i) {
        const WallTime when = policy.next_attempt(arrival, arrival, useful);
        EXPECT_GE(when, useful);
        EXPECT_LE(when, useful + 75s);
    }
}

TEST(RetryPolicy, KnowsLifetimesForMailAndForBounces)
{
    qmgr::RetryTimes times;
    times.maximal_lifetime = 100h;
    times.bounce_lifetime = 10h;
    const RetryPolicy policy{times, 7};
    EXPECT_FALSE(policy.expired("a@b", arrival, arrival + 99h));
    EXPECT_TRUE(policy.expired("a@b", arrival, arrival + 100h));
    EXPECT_FALSE(policy.expired("", arrival, arrival + 9h));
    EXPECT_TRUE(policy.expired("", arrival, arrival + 10h));
    times.bounce_lifetime = 0h;
    EXPECT_TRUE(RetryPolicy(times, 7).expired("", arrival, arrival));
}
