// SPDX-License-Identifier: Apache-2.0
// Limits, requests, rate delays, refills, explanations.
#include "tests/unit/qmgr/fixture.h"

using namespace qmgr_test;
using qmgr::Verdict;

TEST_F(SchedulerTest, SendsOneMessageAndForgetsIt)
{
    ASSERT_TRUE(admit("A", "example.org", 3));
    const auto requests = drain();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].message, "A");
    EXPECT_EQ(requests[0].transport, "smtp");
    EXPECT_EQ(requests[0].nexthop, "example.org");
    EXPECT_EQ(requests[0].recipients, (std::vector<std::uint32_t>{0, 1, 2}));
    finish(requests[0]);
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.completed.size(), 1u);
    EXPECT_EQ(events.completed[0].done, 3u);
    EXPECT_EQ(events.completed[0].deferred, 0u);
    EXPECT_EQ(scheduler().counts().messages, 0u);
    EXPECT_EQ(scheduler().counts().recipients, 0u);
    EXPECT_EQ(scheduler().deadline(), base::MonoTime::max());
}

TEST_F(SchedulerTest, CountsDeferredRecipientsApart)
{
    ASSERT_TRUE(admit("A", "example.org", 3));
    const auto requests = drain();
    const std::vector<qmgr::Fate> fates{qmgr::Fate::Done, qmgr::Fate::Deferred};
    EXPECT_TRUE(scheduler().finished(requests[0].id, fates, {}, now()));
    EXPECT_FALSE(scheduler().finished(requests[0].id, fates, {}, now()));
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.completed.size(), 1u);
    EXPECT_EQ(events.completed[0].done, 1u);
    EXPECT_EQ(events.completed[0].deferred, 2u);
}

TEST_F(SchedulerTest, SplitsByRecipientLimitAndDestination)
{
    smtp.destination_recipient_limit = 2;
    qmgr::Message message{"A", "s", {}, false, {}, 0};
    for (std::uint32_t i = 0; i < 5; ++i)
        message.targets.push_back(to(i, i % 2 ? "one.example" : "two.example"));
    ASSERT_TRUE(scheduler().admit(message, now()));
    std::map<std::string, std::vector<std::size_t>> sizes;
    for (const auto& request : drain())
        sizes[request.nexthop].push_back(request.recipients.size());
    EXPECT_EQ(sizes["two.example"], (std::vector<std::size_t>{2, 1}));
    EXPECT_EQ(sizes["one.example"], (std::vector<std::size_t>{2}));
}

TEST_F(SchedulerTest, SendsToEachRecipientApartWhereTheMessageAsksForIt)
{
    qmgr::Message message{"A", "s", {}, false, {}, 0};
    message.apart = true;
    for (std::uint32_t i = 0; i < 5; ++i)
        message.targets.push_back(to(i, "one.example"));
    ASSERT_TRUE(scheduler().admit(message, now()));
    ASSERT_TRUE(admit("B", "two.example", 5));
    std::map<std::string, std::vector<std::size_t>> sizes;
    for (const auto& request : drain())
        sizes[request.message].push_back(request.recipients.size());
    EXPECT_EQ(sizes["A"], (std::vector<std::size_t>(5, 1)));
    EXPECT_EQ(sizes["B"], (std::vector<std::size_t>{5}));
}

TEST_F(SchedulerTest, CountsRequestsThatAreApartAsOneDestination)
{
    qmgr::Message message{"A", "s", {}, false, {}, 0};
    message.apart = true;
    for (std::uint32_t i = 0; i < 12; ++i)
        message.targets.push_back(to(i, "one.example"));
    ASSERT_TRUE(scheduler().admit(message, now()));
    std::size_t sent = 0;
    for (auto requests = drain(); !requests.empty(); requests = drain()) {
        EXPECT_LE(requests.size(), 20u);
        EXPECT_EQ(scheduler().counts().destinations, 1u);
        for (const auto& request : requests)
            finish(request);
        sent += requests.size();
    }
    EXPECT_EQ(sent, 12u);
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.completed.size(), 1u);
    EXPECT_EQ(events.completed[0].done, 12u);
}

TEST_F(SchedulerTest, TreatsEachRecipientAsADestinationWhenTheLimitIsOne)
{
    smtp.destination_recipient_limit = 1;
    smtp.destination_concurrency_limit = 1;
    ASSERT_TRUE(admit("A", "example.org", 10));
    ASSERT_TRUE(admit("B", "example.org", 10));
    EXPECT_EQ(drain().size(), 10u) << "one per mailbox, all mailboxes side by side";
}

TEST_F(SchedulerTest, RefusesTheSameMessageTwiceAndMessagesOverTheLimit)
{
    limits.message_active_limit = 2;
    EXPECT_TRUE(admit("A", "a.example"));
    EXPECT_FALSE(admit("A", "a.example"));
    EXPECT_TRUE(admit("B", "b.example"));
    EXPECT_FALSE(admit("C", "c.example"));
    EXPECT_FALSE(scheduler().room(qmgr::Source::Incoming));
}

TEST_F(SchedulerTest, StartsWithInitialConcurrencyAndGrowsToTheLimit)
{
    smtp.destination_concurrency_limit = 7;
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(admit(base::cat("M", i), "example.org"));
    auto requests = drain();
    EXPECT_EQ(requests.size(), 5u);
    finish(requests[0]);
    EXPECT_EQ(drain().size(), 2u);
    finish(requests[1]);
    EXPECT_EQ(drain().size(), 2u);
    finish(requests[2]);
    EXPECT_EQ(drain().size(), 1u) << "at the limit";
}

TEST_F(SchedulerTest, KeepsToTheCapacityOfTheAgents)
{
    smtp.capacity = 3;
    smtp.destination_recipient_limit = 1;
    ASSERT_TRUE(admit("A", "example.org", 10));
    auto requests = drain();
    EXPECT_EQ(requests.size(), 3u);
    finish(requests[0]);
    EXPECT_EQ(drain().size(), 1u);
    scheduler().set_capacity("smtp", 5);
    EXPECT_EQ(drain().size(), 2u);
}

TEST_F(SchedulerTest, DelaysTheNextDeliveryToOneDestinationEvenBySubSeconds)
{
    smtp.destination_rate_delay = 250ms;
    for (const char* id : {"A", "B", "C"})
        ASSERT_TRUE(admit(id, "slow.example"));
    ASSERT_TRUE(admit("D", "other.example"));
    auto requests = drain();
    ASSERT_EQ(requests.size(), 2u) << "one for each destination";
    clock.advance(1s);
    EXPECT_TRUE(drain().empty()) << "one at a time";
    finish(requests[0]);
    EXPECT_TRUE(drain().empty());
    EXPECT_EQ(scheduler().deadline(), now() + 250ms);
    clock.advance(249ms);
    EXPECT_TRUE(drain().empty());
    clock.advance(1ms);
    EXPECT_EQ(drain().size(), 1u);
}

TEST_F(SchedulerTest, RemembersTheRateDelayOfAnEmptyDestination)
{
    smtp.destination_rate_delay = 10s;
    ASSERT_TRUE(admit("A", "slow.example"));
    finish(drain().at(0));
    clock.advance(5s);
    ASSERT_TRUE(admit("B", "slow.example"));
    EXPECT_TRUE(drain().empty());
    clock.advance(5s);
    EXPECT_EQ(drain().size(), 1u);
}

TEST_F(SchedulerTest, DelaysTheNextDeliveryOfATransport)
{
    smtp.transport_rate_delay = 2s;
    ASSERT_TRUE(admit("A", "a.example"));
    ASSERT_TRUE(admit("B", "b.example"));
    EXPECT_EQ(drain().size(), 1u);
    EXPECT_EQ(scheduler().deadline(), now() + 2s);
    clock.advance(1999ms);
    EXPECT_TRUE(drain().empty());
    clock.advance(1ms);
    EXPECT_EQ(drain().size(), 1u);
}

TEST_F(SchedulerTest, ServesTransportsInTurn)
{
    for (int i = 0; i < 4; ++i)
        ASSERT_TRUE(admit(base::cat("S", i), "example.org"));
    qmgr::Message message{"L", "s", {}, false, {to(0, "store", "lmtp")}, 0};
    ASSERT_TRUE(scheduler().admit(message, now()));
    ASSERT_TRUE(scheduler().next(now()));
    EXPECT_EQ(scheduler().next(now())->transport, "lmtp");
}

TEST_F(SchedulerTest, AsksForMoreRecipientsWhenFewWait)
{
    smtp.recipient_refill_limit = 10;
    smtp.destination_recipient_limit = 5;
    smtp.destination_concurrency_limit = 5;
    qmgr::Message message{"A", "s", {}, false, {}, 100};
    for (std::uint32_t i = 0; i < 20; ++i)
        message.targets.push_back(to(i, "example.org"));
    ASSERT_TRUE(scheduler().admit(message, now()));
    EXPECT_TRUE(scheduler().take_events().refills.empty());
    auto requests = drain();
    EXPECT_EQ(scheduler().take_events().refills, (std::vector<mail::QueueId>{"A"}));
    ASSERT_TRUE(scheduler().add_recipients("A", {to(20, "example.org")}, 0, now()));
    for (auto more = drain(); !more.empty(); more = drain())
        requests.insert(requests.end(), more.begin(), more.end());
    for (const auto& request : requests)
        finish(request);
    for (const auto& request : drain())
        finish(request);
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.completed.size(), 1u);
    EXPECT_EQ(events.completed[0].done, 21u);
}

TEST_F(SchedulerTest, AsksForMoreRecipientsAfterAWhileEvenWhenManyWait)
{
    qmgr::Message message{"A", "s", {}, false, {}, 100};
    for (std::uint32_t i = 0; i < 1000; ++i)
        message.targets.push_back(to(i, "example.org"));
    ASSERT_TRUE(scheduler().admit(message, now()));
    EXPECT_EQ(scheduler().deadline(), now() + 5s);
    clock.advance(5s);
    drain();
    EXPECT_EQ(scheduler().take_events().refills.size(), 1u);
}

TEST_F(SchedulerTest, SendsBackWhatIsOverTheTransportsRecipientLimit)
{
    smtp.recipient_limit = 100;
    smtp.extra_recipient_limit = 5;
    prove("example.org");
    ASSERT_TRUE(admit("A", "example.org", 120));
    const auto events = scheduler().take_events();
    ASSERT_EQ(events.setbacks.size(), 1u);
    EXPECT_EQ(events.setbacks[0].kind, qmgr::Setback::Kind::Crowded);
    EXPECT_EQ(events.setbacks[0].recipients.size(), 20u);
    EXPECT_GT(events.setbacks[0].retry_at, now());
    ASSERT_TRUE(admit("B", "example.org", 1));
    EXPECT_TRUE(scheduler().take_events().setbacks.empty()) << "small mail has extra room";
}

TEST_F(SchedulerTest, WithdrawsWhatWaitsAndLetsTheRestFinish)
{
    smtp.destination_recipient_limit = 2;
    smtp.initial_destination_concurrency = 1;
    ASSERT_TRUE(admit("A", "example.org", 10));
    ASSERT_TRUE(admit("B", "example.org", 1));
    const auto requests = drain();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_TRUE(scheduler().withdraw("A"));
    EXPECT_FALSE(scheduler().withdraw("nobody"));
    EXPECT_TRUE(scheduler().take_events().completed.empty());
    finish(requests[0]);
    EXPECT_EQ(scheduler().take_events().completed.size(), 1u);
    const auto more = drain();
    ASSERT_EQ(more.size(), 1u);
    EXPECT_EQ(more[0].message, "B");
    finish(more[0]);
    EXPECT_EQ(scheduler().counts().recipients, 0u);
}

TEST_F(SchedulerTest, SaysWhyMailWaits)
{
    smtp.destination_concurrency_limit = 1;
    ASSERT_TRUE(admit("A", "example.org"));
    ASSERT_TRUE(admit("B", "example.org"));
    EXPECT_EQ(scheduler().explain_message("B", now()), "smtp:example.org: ready, 1 destinations "
                                                       "in line");
    const auto requests = drain();
    EXPECT_EQ(scheduler().explain_message("A", now()),
              "1 recipients in delivery, 0 still to be read");
    EXPECT_EQ(scheduler().explain_message("B", now()),
              "smtp:example.org: concurrency 1 of 1 in use, 1 recipients wait");
    finish(requests[0], Verdict::Kind::PeerFailed);
    EXPECT_EQ(scheduler().explain_message("C", now()), "not active");
    EXPECT_EQ(scheduler().explain_destination(to(0, "elsewhere"), now()), "not active");
}

TEST_F(SchedulerTest, DefersAllMailOfATransportThatCannotWork)
{
    ASSERT_TRUE(admit("A", "a.example"));
    auto requests = drain();
    ASSERT_TRUE(admit("B", "b.example"));
    finish(requests[0], Verdict::Kind::TransportFailed);
    auto events = scheduler().take_events();
    ASSERT_EQ(events.setbacks.size(), 1u);
    EXPECT_EQ(events.setbacks[0].kind, qmgr::Setback::Kind::TransportDead);
    EXPECT_EQ(events.completed.size(), 2u);
    ASSERT_TRUE(admit("C", "c.example"));
    EXPECT_TRUE(drain().empty());
    EXPECT_EQ(scheduler().earliest(to(0, "c.example"), now()), now() + 60s);
    clock.advance(60s);
    ASSERT_TRUE(admit("D", "c.example"));
    EXPECT_EQ(drain().size(), 1u);
}
