// SPDX-License-Identifier: Apache-2.0
// When another worker is wanted.
#include "master/workers.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using ipc::control::State;
using master::Workers;
using Demand = master::Workers::Demand;

namespace {

class Books : public testing::Test {
protected:
    void limits(int processes, int processors) { workers.set_limits({processes, processors}); }
    void start(pid_t pid) { workers.started(pid, clock.mono()); }
    void up(pid_t pid, State state = State::Available)
    {
        start(pid);
        workers.reported(pid, state);
    }
    Demand demand() const { return workers.demand(clock.mono()); }

    base::ManualClock clock;
    Workers workers;
};

TEST_F(Books, WithoutWorkersTheFirstClientWantsOne)
{
    limits(10, 2);
    EXPECT_EQ(demand(), Demand::Another);
}

TEST_F(Books, AWorkerThatStartsIsWaitedForButNotForEver)
{
    limits(10, 2);
    start(1);
    EXPECT_EQ(demand(), Demand::Served);
    clock.advance(Workers::start_patience);
    EXPECT_EQ(demand(), Demand::Another);
}

TEST_F(Books, OneAvailableWorkerIsEnough)
{
    limits(10, 8);
    up(1, State::Full);
    up(2, State::Busy);
    up(3);
    EXPECT_EQ(demand(), Demand::Served);
}

TEST_F(Books, BusyWorkersGetHelpUpToTheProcessors)
{
    limits(10, 2);
    up(1, State::Busy);
    EXPECT_EQ(demand(), Demand::Another);
    up(2, State::Busy);
    EXPECT_EQ(demand(), Demand::Served);
}

TEST_F(Books, FullWorkersGetHelpUpToTheLimit)
{
    limits(3, 1);
    for (pid_t pid : {1, 2, 3}) {
        EXPECT_EQ(demand(), Demand::Another) << pid;
        up(pid, State::Full);
    }
    EXPECT_EQ(demand(), Demand::Limited);
    workers.reported(2, State::Available);
    EXPECT_EQ(demand(), Demand::Served);
}

TEST_F(Books, NoLimitMeansNone)
{
    limits(0, 1);
    for (pid_t pid = 1; pid < 500; ++pid)
        up(pid, State::Full);
    EXPECT_EQ(demand(), Demand::Another);
}

TEST_F(Books, RetiringWorkersDoNotKeepClientsOutButAreBounded)
{
    limits(2, 1);
    up(1, State::Full);
    up(2, State::Full);
    workers.retired(1);
    workers.retired(2);
    EXPECT_EQ(demand(), Demand::Another);
    up(3, State::Full);
    up(4, State::Full);
    EXPECT_EQ(demand(), Demand::Limited);
    workers.retired(3);
    EXPECT_EQ(demand(), Demand::Limited) << "four processes of a limit of two";
}

TEST_F(Books, WhatMayExistOnceWaitsForItsPredecessor)
{
    limits(1, 4);
    up(1);
    workers.retired(1);
    workers.reported(1, State::Available); // Was on its way.
    EXPECT_FALSE(workers.room());
    EXPECT_EQ(demand(), Demand::Limited);
    EXPECT_EQ(workers.any_active(), 0);
    EXPECT_EQ(workers.ended(1).state, State::Retiring);
    EXPECT_EQ(demand(), Demand::Another);
}

TEST_F(Books, UnknownProcessesAreNobody)
{
    limits(1, 1);
    workers.reported(99, State::Full);
    workers.retired(99);
    EXPECT_EQ(workers.ended(99).pid, 0);
    EXPECT_TRUE(workers.empty());
}

} // namespace
