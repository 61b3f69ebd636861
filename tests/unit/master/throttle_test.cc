// SPDX-License-Identifier: Apache-2.0
// Back-off of failing services.
#include "master/throttle.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using master::Throttle;

namespace {

base::Duration wait_after(Throttle& throttle, const base::Clock& clock, base::Duration lived,
                          bool came_up)
{
    throttle.failed(clock.mono(), lived, came_up);
    return throttle.not_before() - clock.mono();
}

TEST(Throttle, TheFirstDeathCostsNoWait)
{
    base::ManualClock clock;
    Throttle throttle;
    EXPECT_TRUE(throttle.open(clock.mono()));
    EXPECT_EQ(wait_after(throttle, clock, 1s, true), 0s);
}

TEST(Throttle, YoungDeathsInARowDoubleTheWaitUpToASecond)
{
    base::ManualClock clock;
    Throttle throttle;
    throttle.set_longest(2s);
    wait_after(throttle, clock, 1s, true);
    for (base::Duration want : {250ms, 500ms, 1000ms, 1000ms, 1000ms}) {
        EXPECT_EQ(wait_after(throttle, clock, 1s, true), want);
        clock.advance(want);
        EXPECT_TRUE(throttle.open(clock.mono()));
    }
}

TEST(Throttle, ALongLifeForgivesWhatWasBefore)
{
    base::ManualClock clock;
    Throttle throttle;
    for (int i = 0; i < 8; ++i)
        wait_after(throttle, clock, 1s, true);
    clock.advance(100s);
    EXPECT_LE(wait_after(throttle, clock, 50s, true), 0s);
}

TEST(Throttle, ABadStartWaitsFromTheFirstTime)
{
    base::ManualClock clock;
    Throttle throttle;
    EXPECT_EQ(wait_after(throttle, clock, 0s, false), 1s);
    EXPECT_EQ(wait_after(throttle, clock, 0s, false), 2s);
    for (int i = 0; i < 40; ++i)
        wait_after(throttle, clock, 0s, false);
    EXPECT_EQ(throttle.not_before() - clock.mono(), 60s);
    throttle.reset();
    EXPECT_TRUE(throttle.open(clock.mono()));
}

} // namespace
