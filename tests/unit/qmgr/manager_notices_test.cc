// SPDX-License-Identifier: Apache-2.0
// Notices: of what kind, when, to whom, and once, whatever dies in between.
#include "tests/unit/qmgr/manager_fixture.h"

namespace qmgr {

using ipc::bounce::Kind;
using Kinds = std::vector<Kind>;

const mail::Outcome later = outcome(mail::Status::Deferred, "4.2.0", "451 later");
const mail::Outcome refused = outcome(mail::Status::Bounced, "5.1.1", "550 no such user");

class ManagerNotices : public ManagerTest {};

TEST_F(ManagerNotices, TellsOfSuccessOnlyThoseWhoAsked)
{
    start();
    auto silent = send({"a@one.test"});
    EXPECT_TRUE(until([&] { return gone(silent); }));
    EXPECT_EQ(bounce_->notices, 0);
    notify_ = mail::notify::success;
    auto id = send({"b@one.test", "c@two.test"});
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->kinds, Kinds{Kind::Success});
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"b@one.test", 1}, {"c@two.test", 1}}));
    auto null = put({"d@one.test"}, Queue::Incoming, 0s, "");
    manager_->arrived(null);
    EXPECT_TRUE(until([&] { return gone(null); }));
    EXPECT_EQ(bounce_->notices, 1);
}

TEST_F(ManagerNotices, LeavesSuccessToTheNextHostIfThatTells)
{
    agents_.onward = true;
    notify_ = mail::notify::success;
    start();
    auto id = send({"a@one.test"});
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->notices, 0);
}

TEST_F(ManagerNotices, TellsOfEachSuccessOnceThoughOthersWait)
{
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    agents_.outcomes["late.test"] = later;
    notify_ = mail::notify::success;
    start();
    auto id = send({"a@one.test", "b@late.test"});
    EXPECT_TRUE(until([&] { return agents_.tried["b@late.test"] >= 3; }));
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"a@one.test", 1}}));
    agents_.outcomes.clear();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"a@one.test", 1}, {"b@late.test", 1}}));
}

TEST_F(ManagerNotices, AKillBetweenDeliveryAndItsNoticeLosesNeither)
{
    bounce_->slow = true;
    notify_ = mail::notify::success;
    start();
    auto id = send({"a@one.test"});
    ASSERT_TRUE(until([&] { return agents_.sent["a@one.test"] == 1; }));
    run_for(50ms);
    start(); // The first one is gone without a word.
    bounce_->slow = false;
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.tried["a@one.test"], 1);
    ASSERT_EQ(bounce_->last.size(), 1u);
    EXPECT_EQ(bounce_->last[0].outcome.text, "250 ok");
}

TEST_F(ManagerNotices, KeepsAMessageForANoticeOfSuccess)
{
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    bounce_->stop();
    notify_ = mail::notify::success;
    start();
    auto id = send({"a@one.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    bounce_->start();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.tried["a@one.test"], 1);
    EXPECT_EQ(bounce_->told["a@one.test"], 1);
}

TEST_F(ManagerNotices, WarnsOfDelayOnceAndConfirmsItsEnd)
{
    notices_.delay_warning_time = 1h;
    notices_.confirm_delay_cleared = true;
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    times_.maximal_backoff = 100ms;
    agents_.outcomes["late.test"] = later;
    start();
    auto young = send({"y@late.test"}, 59min);
    auto id = send({"a@late.test"}, 61min);
    EXPECT_TRUE(until([&] { return agents_.tried["a@late.test"] >= 3; }));
    EXPECT_EQ(bounce_->kinds, Kinds{Kind::Delay});
    EXPECT_EQ(bounce_->told["a@late.test"], 1);
    start(); // What was told is written down.
    EXPECT_TRUE(until([&] { return agents_.tried["a@late.test"] >= 5; }));
    EXPECT_EQ(bounce_->notices, 1);
    agents_.outcomes.clear();
    EXPECT_TRUE(until([&] { return gone(id) && gone(young); }));
    EXPECT_EQ(bounce_->kinds, (Kinds{Kind::Delay, Kind::Success}));
}

TEST_F(ManagerNotices, ConfirmsNothingToThoseWhoWereNotLate)
{
    notices_.delay_warning_time = 1h;
    notices_.confirm_delay_cleared = true;
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    times_.maximal_backoff = 100ms;
    agents_.outcomes["late.test"] = later;
    start();
    auto id = send({"a@one.test", "b@late.test"}, 61min);
    EXPECT_TRUE(until([&] { return agents_.tried["b@late.test"] >= 3; }));
    agents_.outcomes.clear();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->kinds, (Kinds{Kind::Delay, Kind::Success}));
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"b@late.test", 2}}));
}

TEST_F(ManagerNotices, WarnsNobodyWhoWantsNoWarning)
{
    notices_.delay_warning_time = 1h;
    agents_.outcomes["late.test"] = later;
    notify_ = mail::notify::failure;
    start();
    auto id = send({"a@late.test"}, 61min);
    EXPECT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_EQ(bounce_->notices, 0);
}

TEST_F(ManagerNotices, ReportsAVerificationAndDeliversNothing)
{
    attributes_ = {{std::string(queue::attribute::trace), "verify"}};
    agents_.outcomes["bad.test"] = refused;
    agents_.outcomes["late.test"] = later;
    notify_ = mail::notify::never;
    start();
    auto id = send({"a@one.test", "b@bad.test", "c@late.test", "d@unknown.test"});
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_TRUE(agents_.asked_only);
    EXPECT_EQ(bounce_->kinds, Kinds{Kind::Verified});
    EXPECT_EQ(bounce_->last.size(), 4u);
}

TEST_F(ManagerNotices, ReportsTheFirstRoundAndGoesOn)
{
    attributes_ = {{std::string(queue::attribute::trace), "record"}};
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    agents_.outcomes["bad.test"] = refused;
    agents_.outcomes["late.test"] = later;
    start();
    auto id = send({"a@one.test", "b@bad.test", "c@late.test"});
    EXPECT_TRUE(until([&] { return agents_.tried["c@late.test"] >= 3; }));
    EXPECT_FALSE(agents_.asked_only);
    EXPECT_EQ(bounce_->kinds, (Kinds{Kind::Recorded, Kind::Failure}));
    EXPECT_EQ(bounce_->told["a@one.test"], 1);
    EXPECT_EQ(bounce_->told["b@bad.test"], 2);
    EXPECT_EQ(bounce_->told["c@late.test"], 1);
    agents_.outcomes.clear();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.sent["a@one.test"], 1);
    EXPECT_EQ(bounce_->notices, 2);
}

TEST_F(ManagerNotices, TellsOfExpansionOnce)
{
    attributes_ = {{std::string(queue::attribute::expanded), "list@x.test\nL@x.test\nrfc822;l@y"}};
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    agents_.outcomes["late.test"] = later;
    notify_ = mail::notify::never;
    start();
    auto id = send({"a@late.test"});
    EXPECT_TRUE(until([&] { return agents_.tried["a@late.test"] >= 3; }));
    EXPECT_EQ(bounce_->kinds, Kinds{Kind::Success});
    ASSERT_EQ(bounce_->last.size(), 1u);
    EXPECT_EQ(bounce_->last[0].recipient.address, "list@x.test");
    EXPECT_EQ(bounce_->last[0].recipient.original, "L@x.test");
    EXPECT_EQ(bounce_->last[0].recipient.dsn_orcpt, "rfc822;l@y");
    EXPECT_EQ(bounce_->last[0].outcome.status, mail::Status::Expanded);
    agents_.outcomes.clear();
    EXPECT_TRUE(until([&] { return gone(id); }));
}

TEST_F(ManagerNotices, DiscardsMailToTheDoubleBounceSender)
{
    notices_.double_bounce = "double-bounce@host.test";
    start();
    auto id = send({"Double-Bounce@host.test"});
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.requests, 0);
    EXPECT_EQ(log_.count("status=sent (undeliverable postmaster notification discarded)"), 1);
}

using Texts = std::vector<std::string>;

TEST_F(ManagerNotices, EachRecipientOfAVerpMessageHasASenderAndANoticeOfHisOwn)
{
    agents_.outcomes["bad.test"] = refused;
    attributes_ = {{"verp", "+="}};
    start();
    auto id = send({"a@one.test", "b@one.test", "c@bad.test", "d@bad.test"}, 0s, "list@b.test");
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.requests, 4);
    EXPECT_EQ(agents_.senders["a@one.test"], "list+a=one.test@b.test");
    EXPECT_EQ(agents_.senders["d@bad.test"], "list+d=bad.test@b.test");
    EXPECT_EQ(bounce_->addressees, (Texts{"list+c=bad.test@b.test", "list+d=bad.test@b.test"}));
    EXPECT_EQ(bounce_->senders, (Texts{"list@b.test", "list@b.test"}));
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"c@bad.test", 1}, {"d@bad.test", 1}}));
    EXPECT_EQ(log_.count("from=<list@b.test>, size="), 1);
}

TEST_F(ManagerNotices, AKillAmongTheNoticesOfAVerpMessageRepeatsOneAtMost)
{
    bounce_->slow_after = 2;
    agents_.outcomes["bad.test"] = refused;
    attributes_ = {{"verp", "+="}};
    start();
    auto id = send({"a@bad.test", "b@bad.test", "c@bad.test", "d@bad.test"}, 0s, "list@b.test");
    ASSERT_TRUE(until([&] { return bounce_->notices == 2; }));
    run_for(50ms);
    start(); // The first one is gone without a word.
    bounce_->slow_after = -1;
    EXPECT_TRUE(until([&] { return gone(id); }));
    for (const char* once : {"a@bad.test", "b@bad.test", "d@bad.test"})
        EXPECT_EQ(bounce_->told[once], 1) << once;
    EXPECT_GE(bounce_->told["c@bad.test"], 1);
    EXPECT_EQ(agents_.tried["a@bad.test"], 1);
}

TEST_F(ManagerNotices, OneNoticeOfAVerpMessageIfThatIsWanted)
{
    notices_.verp_apart = false;
    agents_.outcomes["bad.test"] = refused;
    attributes_ = {{"verp", "-="}};
    start();
    auto id = send({"c@bad.test", "d@bad.test"}, 0s, "list@b.test");
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.senders["c@bad.test"], "list-c=bad.test@b.test");
    EXPECT_EQ(bounce_->addressees, Texts{""});
    EXPECT_EQ(bounce_->notices, 1);
}

TEST_F(ManagerNotices, TheDelayOfAVerpMessageIsToldOnceToItsSender)
{
    notices_.delay_warning_time = 1h;
    agents_.outcomes["late.test"] = later;
    attributes_ = {{"verp", "+="}};
    start();
    auto id = send({"a@late.test", "b@late.test"}, 61min, "list@b.test");
    EXPECT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_EQ(bounce_->kinds, Kinds{Kind::Delay});
    EXPECT_EQ(bounce_->addressees, Texts{""});
}

TEST_F(ManagerNotices, NoticesOfAVerpMessageThatWereNotGivenComeLater)
{
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 100ms;
    bounce_->stop();
    agents_.outcomes["bad.test"] = refused;
    attributes_ = {{"verp", "+="}};
    start();
    auto id = send({"a@bad.test", "b@bad.test"}, 0s, "list@b.test");
    EXPECT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    bounce_->start();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"a@bad.test", 1}, {"b@bad.test", 1}}));
}

TEST_F(ManagerNotices, BadVerpRequestsAreOverlookedWithAWarning)
{
    start();
    attributes_ = {{"verp", "+%"}};
    auto odd = send({"a@one.test", "b@one.test"}, 0s, "list@b.test");
    EXPECT_TRUE(until([&] { return gone(odd); }));
    EXPECT_EQ(log_.count(base::cat(odd, ": ignoring bad VERP request: \"+%\"")), 1);
    attributes_ = {{"verp", "+="}};
    auto null = send({"c@one.test", "d@one.test"}, 0s, "");
    EXPECT_TRUE(until([&] { return gone(null); }));
    EXPECT_EQ(log_.count(base::cat(null, ": ignoring VERP request for null sender")), 1);
    EXPECT_EQ(agents_.requests, 2);
    EXPECT_EQ(agents_.senders["a@one.test"], "list@b.test");
    EXPECT_EQ(agents_.senders["c@one.test"], "");
}

TEST_F(ManagerNotices, ReturnsNothingWithSoftBounce)
{
    notices_.soft_bounce = true;
    start();
    auto id = send({"a@unknown.test"});
    EXPECT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_EQ(bounce_->notices, 0);
}

} // namespace qmgr
