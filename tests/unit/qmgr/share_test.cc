// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "qmgr/active_set.h"
#include "qmgr/agent_share.h"

using namespace std::chrono_literals;
using qmgr::ActiveSet;
using qmgr::AgentShare;
using qmgr::Lane;
using qmgr::Source;

namespace {

int start_all(AgentShare& share, Lane lane, base::MonoTime now)
{
    int started = 0;
    for (; share.allows(lane, now); ++started)
        share.start(lane);
    return started;
}

const base::MonoTime begin{1000s};

} // namespace

TEST(AgentShare, LeavesThirtyPercentToProvenDestinations)
{
    AgentShare share{100};
    for (auto now = begin; now < begin + 60s; now += 1s)
        start_all(share, Lane::Newcomer, now);
    EXPECT_EQ(share.in_use(Lane::Newcomer), 50);
    EXPECT_EQ(start_all(share, Lane::Backlog, begin), 20);
    EXPECT_EQ(start_all(share, Lane::Proven, begin), 30);
}

TEST(AgentShare, GivesAQuarterOfTheFreeNewcomerSlotsPerRound)
{
    AgentShare share{100};
    EXPECT_EQ(start_all(share, Lane::Newcomer, begin), 13);
    EXPECT_EQ(start_all(share, Lane::Newcomer, begin + 999ms), 0);
    EXPECT_EQ(start_all(share, Lane::Newcomer, begin + 1s), 10);
    EXPECT_EQ(start_all(share, Lane::Newcomer, begin + 2s), 7);
}

TEST(AgentShare, AnAnswerWithinTheRoundGivesTheSlotBack)
{
    AgentShare share{100};
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(share.allows(Lane::Newcomer, begin));
        share.finish(Lane::Newcomer, share.start(Lane::Newcomer));
    }
}

TEST(AgentShare, WorksWithASingleSlot)
{
    AgentShare share{1};
    EXPECT_EQ(start_all(share, Lane::Newcomer, begin), 1);
    EXPECT_FALSE(share.allows(Lane::Proven, begin));
}

TEST(ActiveSet, TakesFromBothQueuesInTurn)
{
    ActiveSet set{{}};
    const auto first = set.intake(true, true);
    const auto second = set.intake(true, true);
    EXPECT_NE(first, second);
    EXPECT_EQ(set.intake(true, true), first);
    EXPECT_EQ(set.intake(true, false), Source::Incoming);
    EXPECT_EQ(set.intake(false, true), Source::Deferred);
    EXPECT_EQ(set.intake(false, false), std::nullopt);
}

TEST(ActiveSet, KeepsHalfForFreshMail)
{
    qmgr::QueueLimits limits;
    limits.message_active_limit = 10;
    ActiveSet set{limits};
    for (int i = 0; i < 5; ++i)
        set.message_in(Source::Deferred);
    EXPECT_FALSE(set.room(Source::Deferred));
    EXPECT_TRUE(set.room(Source::Incoming));
    EXPECT_EQ(set.intake(false, true), std::nullopt);
    for (int i = 0; i < 5; ++i)
        set.message_in(Source::Incoming);
    EXPECT_FALSE(set.room(Source::Incoming));
}

TEST(ActiveSet, ReadsAMinimumOfRecipientsEvenWhenFull)
{
    ActiveSet set{{}};
    EXPECT_EQ(set.portion(), 20'000u);
    set.recipients_in(19'995);
    EXPECT_EQ(set.portion(), 10u);
}
