// SPDX-License-Identifier: Apache-2.0
// Dead destinations: how they die, what happens to their mail, how they come back.
#include "tests/unit/qmgr/fixture.h"

using namespace qmgr_test;
using Kind = qmgr::Verdict::Kind;

namespace {

class DeadDestination : public SchedulerTest {
protected:
    void kill(const std::string& nexthop)
    {
        smtp.initial_destination_concurrency = 1;
        ASSERT_TRUE(admit("killer", nexthop));
        for (const auto& request : drain())
            finish(request, Kind::PeerFailed);
        scheduler().take_events();
    }
};

} // namespace

TEST_F(DeadDestination, DiesAfterOneFailedPseudoCohort)
{
    smtp.negative_feedback.number = 0;
    for (int i = 0; i < 8; ++i)
        ASSERT_TRUE(admit(base::cat("M", i), "example.org"));
    auto requests = drain();
    ASSERT_EQ(requests.size(), 5u);
    for (int i = 0; i < 3; ++i)
        finish(requests[static_cast<std::size_t>(i)], Kind::PeerFailed);
    EXPECT_TRUE(scheduler().take_events().setbacks.empty());
    for (int i = 3; i < 5; ++i)
        finish(requests[static_cast<std::size_t>(i)], Kind::PeerFailed);
    const auto events = scheduler().take_events();
    EXPECT_EQ(events.setbacks.size(), 3u) << "what waits comes back at once";
    EXPECT_EQ(scheduler().counts().messages, 0u);
}

TEST_F(DeadDestination, GivesBackAllRecipientsWithTheReason)
{
    smtp.initial_destination_concurrency = 1;
    ASSERT_TRUE(admit("A", "example.org", 1));
    ASSERT_TRUE(admit("B", "example.org", 7));
    finish(drain().at(0), Kind::PeerFailed);
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.setbacks.size(), 1u);
    EXPECT_EQ(events.setbacks[0].message, "B");
    EXPECT_EQ(events.setbacks[0].recipients.size(), 7u);
    EXPECT_EQ(events.setbacks[0].kind, qmgr::Setback::Kind::DestinationDead);
    EXPECT_EQ(events.setbacks[0].reason, "connection refused");
    EXPECT_GE(events.setbacks[0].retry_at, now() + 300s);
    EXPECT_LE(events.setbacks[0].retry_at, now() + 375s);
    EXPECT_EQ(events.completed.size(), 2u);
    EXPECT_EQ(scheduler().counts().recipients, 0u);
}

TEST_F(DeadDestination, RefusesMoreMailWithoutASlotUntilItsTime)
{
    kill("example.org");
    const auto until = scheduler().earliest(to(0, "example.org"), now());
    EXPECT_GE(until, now() + 300s);
    ASSERT_TRUE(admit("A", "example.org", 4));
    EXPECT_TRUE(drain().empty());
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.setbacks.size(), 1u);
    EXPECT_EQ(events.setbacks[0].recipients.size(), 4u);
    ASSERT_EQ(events.completed.size(), 1u);
    EXPECT_EQ(events.completed[0].deferred, 4u);
    EXPECT_EQ(scheduler().explain_destination(to(0, "example.org"), until - 2s),
              "smtp:example.org: dead, next probe in 2.0 s (connection refused)");
}

TEST_F(DeadDestination, IsProbedOnceThenOpens)
{
    kill("example.org");
    clock.advance(400s);
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(admit(base::cat("M", i), "example.org"));
    auto probes = drain();
    ASSERT_EQ(probes.size(), 1u);
    EXPECT_TRUE(probes[0].probe);
    EXPECT_EQ(scheduler().explain_message("M5", now()),
              "smtp:example.org: a probe decides whether it is back; 19 recipients wait "
              "(connection refused)");
    clock.advance(20s);
    EXPECT_TRUE(drain().empty());
    finish(probes[0]);
    const auto requests = drain();
    ASSERT_FALSE(requests.empty());
    EXPECT_FALSE(requests[0].probe);
}

TEST_F(DeadDestination, StaysDeadLongerWhenTheProbeFails)
{
    kill("example.org");
    base::Duration last{0};
    for (int i = 0; i < 4; ++i) {
        clock.advance(scheduler().earliest(to(0, "example.org"), now()) - now());
        ASSERT_TRUE(admit(base::cat("M", i), "example.org"));
        ASSERT_TRUE(admit(base::cat("N", i), "example.org"));
        const auto probes = drain();
        ASSERT_EQ(probes.size(), 1u);
        finish(probes[0], Kind::PeerFailed);
        EXPECT_EQ(scheduler().take_events().setbacks.size(), 1u);
        last = scheduler().earliest(to(0, "example.org"), now()) - now();
    }
    EXPECT_GE(last, 1200s);
    EXPECT_LE(last, 1500s) << "four times the minimal backoff, plus jitter";
}

TEST_F(DeadDestination, NeverDiesWithoutACohortLimit)
{
    smtp.failed_cohort_limit = 0;
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(admit(base::cat("M", i), "example.org"));
    for (int i = 0; i < 30; ++i)
        for (const auto& request : drain())
            finish(request, Kind::PeerFailed);
    EXPECT_TRUE(scheduler().take_events().setbacks.empty());
    EXPECT_EQ(scheduler().counts().messages, 0u);
}

TEST_F(DeadDestination, LivesAgainWhenADeliveryUnderWaySucceeds)
{
    smtp.initial_destination_concurrency = 2;
    smtp.failed_cohort_limit = 1;
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(admit(base::cat("M", i), "example.org"));
    const auto requests = drain();
    ASSERT_EQ(requests.size(), 2u);
    finish(requests[0], Kind::PeerFailed);
    const auto more = drain();
    for (const auto& request : more)
        finish(request, Kind::PeerFailed);
    finish(requests[1]);
    EXPECT_EQ(scheduler().earliest(to(0, "example.org"), now()), now());
}

TEST_F(DeadDestination, IsForgivenByFlushingAll)
{
    kill("example.org");
    scheduler().flush_all();
    EXPECT_EQ(scheduler().earliest(to(0, "example.org"), now()), now());
    ASSERT_TRUE(admit("A", "example.org"));
    EXPECT_EQ(drain().size(), 1u);
}

TEST_F(DeadDestination, IsForgivenByFlushingItsSiteOnly)
{
    kill("example.org");
    ASSERT_TRUE(admit("A", "example.org"));
    scheduler().flush_site("elsewhere.example");
    EXPECT_GT(scheduler().earliest(to(0, "example.org"), now()), now());
    scheduler().flush_site("example.org");
    EXPECT_EQ(scheduler().earliest(to(0, "example.org"), now()), now());
}

TEST_F(DeadDestination, IsForgivenByAMessageThatSomebodyAskedFor)
{
    kill("example.org");
    qmgr::Message message{"A", "s", qmgr::Source::Deferred, true, {to(0, "example.org")}, 0};
    ASSERT_TRUE(scheduler().admit(message, now()));
    EXPECT_EQ(drain().size(), 1u);
    EXPECT_TRUE(scheduler().take_events().setbacks.empty());
}

TEST_F(DeadDestination, OpensAtOnceWhenAnActiveMessageIsFlushedDuringTheProbe)
{
    kill("example.org");
    clock.advance(400s);
    ASSERT_TRUE(admit("A", "example.org"));
    ASSERT_TRUE(admit("B", "example.org"));
    ASSERT_EQ(drain().size(), 1u);
    scheduler().flush_message("B");
    EXPECT_EQ(scheduler().explain_message("B", now()).find("probe"), std::string::npos);
}

TEST_F(DeadDestination, IsRememberedWithinABound)
{
    smtp.initial_destination_concurrency = 1;
    limits.message_recipient_limit = 50;
    for (int i = 0; i < 500; ++i) {
        ASSERT_TRUE(admit(base::cat("M", i), base::cat("d", i, ".example")));
        clock.advance(2s);
        for (const auto& request : drain())
            finish(request, Kind::PeerFailed);
    }
    EXPECT_LE(scheduler().counts().destinations, 50u);
    EXPECT_GT(scheduler().earliest(to(0, "d499.example"), now()), now());
}
