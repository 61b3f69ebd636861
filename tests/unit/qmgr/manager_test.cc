// SPDX-License-Identifier: Apache-2.0
// The ways a message can go: delivered, deferred, returned, expired, damaged; and a kill between.
#include <ctime>
#include <fstream>
#include <sys/file.h>

#include "lib/base/file.h"
#include "tests/unit/qmgr/manager_fixture.h"

namespace qmgr {

const mail::Outcome later = outcome(mail::Status::Deferred, "4.2.0", "451 later");
const mail::Outcome refused = outcome(mail::Status::Bounced, "5.1.1", "550 no such user");

TEST_F(ManagerTest, RemovesWhatIsDelivered)
{
    start();
    auto id = send({"a@one.test"});
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.sent["a@one.test"], 1);
    EXPECT_EQ(log_.count(id + ": removed"), 1);
    EXPECT_EQ(log_.count(id + ": from=<sender@example.test>"), 1);
    EXPECT_EQ(working_, 0);
}

TEST_F(ManagerTest, DefersAndTriesAgainWhenDue)
{
    queue_run_delay_ = 100ms;
    times_.minimal_backoff = 400ms;
    agents_.outcomes["one.test"] = later;
    start();
    auto before = loop_.clock().wall();
    auto id = send({"a@one.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_GE(file_time(Queue::Deferred, id), before + 400ms);
    EXPECT_LE(file_time(Queue::Deferred, id), loop_.clock().wall() + 500ms);
    EXPECT_EQ(manager_->flush_site("one.test"), 1u); // It is in the index.
    agents_.outcomes.clear();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.tried["a@one.test"], 2);
}

TEST_F(ManagerTest, WaitsForItsTimeBeforeItTriesAgain)
{
    queue_run_delay_ = 50ms;
    times_.minimal_backoff = 600ms;
    agents_.outcomes["one.test"] = later;
    start();
    auto id = send({"a@one.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    run_for(400ms);
    EXPECT_EQ(agents_.tried["a@one.test"], 1);
    EXPECT_TRUE(until([&] { return agents_.tried["a@one.test"] == 2; }));
}

TEST_F(ManagerTest, TriesOnlyTheUnfinishedAfterAKill)
{
    start();
    agents_.stopped = {"slow.test"};
    auto id = send({"a@one.test", "b@slow.test", "c@two.test"});
    ASSERT_TRUE(until([&] { return agents_.requests == 3 && agents_.sent.size() == 2; }));
    run_for(50ms);
    start(); // The first one is gone without a word.
    agents_.stopped.clear();
    agents_.changed.notify();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.tried["a@one.test"], 1);
    EXPECT_EQ(agents_.tried["c@two.test"], 1);
    EXPECT_EQ(agents_.sent["b@slow.test"], 1);
}

TEST_F(ManagerTest, ReturnsFailuresBeforeItRemoves)
{
    agents_.outcomes["bad.test"] = refused;
    start();
    auto id = send({"a@bad.test", "b@one.test"});
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->told, (std::map<std::string, int>{{"a@bad.test", 1}}));
    EXPECT_EQ(agents_.sent["b@one.test"], 1);
}

TEST_F(ManagerTest, KeepsNoticesThatFailWhenThatIsWanted)
{
    agents_.outcomes["bad.test"] = refused;
    keeps_badmail_ = true;
    start();
    auto notice = send({"a@bad.test", "b@one.test"}, 0s, "");
    auto other = send({"c@bad.test"});
    EXPECT_TRUE(until([&] { return gone(notice) && gone(other); }));
    EXPECT_EQ(agents_.by_destination["badmail"], 1);
    EXPECT_EQ(agents_.sent["a@bad.test"], 1);
    EXPECT_EQ(agents_.tried["b@one.test"], 1);
    EXPECT_EQ(agents_.sent["c@bad.test"], 0);
}

TEST_F(ManagerTest, LosesNoNoticeWhileItCannotBeKept)
{
    times_.minimal_backoff = 300ms;
    queue_run_delay_ = 100ms;
    agents_.outcomes["bad.test"] = refused;
    agents_.no_agent.insert("badmail");
    keeps_badmail_ = true;
    start();
    auto notice = send({"a@bad.test"}, 0s, "");
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, notice); }));
    EXPECT_EQ(bounce_->notices, 0);
    EXPECT_GE(log_.count("cannot keep an undeliverable notice: connect to private/badmail"), 1);
    agents_.no_agent.clear();
    EXPECT_TRUE(until([&] { return gone(notice); }));
    EXPECT_EQ(agents_.sent["a@bad.test"], 1);
}

TEST_F(ManagerTest, KeepsFailuresWhileTheBounceServiceIsDown)
{
    times_.minimal_backoff = 300ms;
    queue_run_delay_ = 100ms;
    bounce_->stop();
    agents_.outcomes["bad.test"] = refused;
    start();
    auto id = send({"a@bad.test", "b@one.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_EQ(bounce_->notices, 0);
    bounce_->start();
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(bounce_->told["a@bad.test"], 1);
    EXPECT_EQ(agents_.sent["b@one.test"], 1);
}

TEST_F(ManagerTest, WritesDownWhatIsDoneBeforeItWaitsForTheBounceService)
{
    agents_.outcomes["bad.test"] = refused;
    bounce_->slow = true;
    start();
    auto id = send({"a@bad.test", "b@one.test"});
    ASSERT_TRUE(until([&] { return agents_.requests == 2; }));
    run_for(50ms);
    start();
    bounce_->slow = false;
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.sent["b@one.test"], 1);
}

TEST_F(ManagerTest, ReturnsWhatCannotBeRouted)
{
    start();
    auto id = send({"a@unknown.test"});
    auto wait = send({"a@later.test"});
    EXPECT_TRUE(until([&] { return gone(id) && in(Queue::Deferred, wait); }));
    EXPECT_EQ(bounce_->told["a@unknown.test"], 1);
    EXPECT_EQ(error_log_.count("table lookup problem"), 1);
}

TEST_F(ManagerTest, ReturnsWhatIsTooOld)
{
    times_.maximal_lifetime = 1h;
    agents_.outcomes["one.test"] = later;
    start();
    auto id = send({"a@one.test"}, 2h);
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(log_.count("from=<sender@example.test>, status=expired, returned to sender"), 1);
    EXPECT_EQ(bounce_->told["a@one.test"], 1);
}

TEST_F(ManagerTest, GivesANullSenderItsOwnLifetime)
{
    times_.bounce_lifetime = 1h;
    agents_.outcomes["one.test"] = later;
    start();
    auto id = send({"a@one.test"}, 2h, "");
    auto other = send({"b@one.test"}, 2h);
    EXPECT_TRUE(until([&] { return gone(id) && in(Queue::Deferred, other); }));
    EXPECT_EQ(bounce_->senders, std::vector<std::string>{""});
}

TEST_F(ManagerTest, DefersWhenAnAgentFailsAndLeavesTheTransportAlone)
{
    agents_.failing = {"poison.test"};
    start();
    auto id = send({"a@poison.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_EQ(error_log_.count("status=deferred (unknown mail transport error)"), 1);
    auto next = send({"a@one.test"});
    EXPECT_TRUE(until([&] { return gone(next); }));
}

TEST_F(ManagerTest, DefersWhileATransportIsMissingAndComesBack)
{
    limits_.transport_retry_time = 300ms;
    times_.minimal_backoff = 300ms;
    queue_run_delay_ = 100ms;
    agents_.no_agent = {"missing"};
    start();
    auto id = send({"a@missing.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    EXPECT_EQ(error_log_.count("dsn=4.3.0, status=deferred (mail transport unavailable)"), 1);
    auto second = send({"b@missing.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, second); }));
    EXPECT_EQ(error_log_.count("status=deferred (mail transport unavailable)"), 2);
    agents_.no_agent.clear();
    EXPECT_TRUE(until([&] { return gone(id) && gone(second); }));
}

TEST_F(ManagerTest, PutsDamagedFilesAwayAndGoesOn)
{
    auto bad = put({"a@one.test"}), content = put({"b@one.test"}), good = put({"c@one.test"});
    { // The superblock of one, the content of the other.
        std::fstream file(directories_->path(Queue::Incoming, bad), std::ios::in | std::ios::out);
        file.write("garbage!garbage!", 16);
        std::fstream other(directories_->path(Queue::Incoming, content),
                           std::ios::in | std::ios::out);
        std::string text((std::istreambuf_iterator<char>(other)), {});
        other.clear();
        other.seekp(static_cast<std::streamoff>(text.find("Hello,")));
        other.write("Jello", 5);
    }
    for (const auto& id : {bad, content})
        disk_->set_modified(directories_->path(Queue::Incoming, id), loop_.clock().wall() - 10s);
    start();
    EXPECT_TRUE(until([&] { return gone(good) && files(Queue::Corrupt) == 2; }));
    EXPECT_TRUE(in(Queue::Corrupt, bad));
    EXPECT_TRUE(in(Queue::Corrupt, content));
    EXPECT_EQ(agents_.tried.size(), 1u);
}

TEST_F(ManagerTest, PutsAFileWithAForeignNameAway)
{
    auto id = put({"a@one.test"});
    std::string other = id == "AAAA1111" ? "AAAA1112" : "AAAA1111";
    ASSERT_EQ(disk_->rename(directories_->path(Queue::Incoming, id),
                            directories_->path(Queue::Incoming, other)),
              0);
    start();
    EXPECT_TRUE(until([&] { return in(Queue::Corrupt, other); }));
    EXPECT_TRUE(agents_.tried.empty());
}

TEST_F(ManagerTest, LeavesALockedFileAndTakesItLater)
{
    auto id = put({"a@one.test"}, Queue::Active);
    base::Fd other;
    ASSERT_EQ(disk_->open(directories_->path(Queue::Active, id), queue::Access::Read, other), 0);
    ASSERT_TRUE(*base::try_lock(other.number()));
    start();
    auto healthy = send({"b@one.test"});
    EXPECT_TRUE(until([&] { return gone(healthy); }));
    auto turns = loop_.turns();
    auto cpu = std::clock();
    run_for(2500ms);
    EXPECT_LT(loop_.turns() - turns, 600u); // 250 of them are the test's own.
    EXPECT_LT(static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC, 0.3);
    EXPECT_EQ(agents_.tried["a@one.test"], 0);
    EXPECT_EQ(log_.count("skipped, still being delivered"), 1);
    other.reset();
    EXPECT_TRUE(until([&] { return gone(id); }));
}

TEST_F(ManagerTest, FindsMailOfWhichTheNewsWasLost)
{
    auto old = put({"a@one.test"});
    start();
    EXPECT_TRUE(until([&] { return gone(old); }));
    auto lost = put({"b@one.test"});
    manager_->wakeup();
    EXPECT_TRUE(until([&] { return gone(lost); }));
    auto young = put({"c@one.test"});
    disk_->set_modified(directories_->path(Queue::Incoming, young), loop_.clock().wall());
    manager_->wakeup();
    run_for(500ms);
    EXPECT_TRUE(in(Queue::Incoming, young)); // It may not be safe yet.
    EXPECT_TRUE(until([&] { return gone(young); }, 12s));
}

TEST_F(ManagerTest, FinishesWhatIsUnderWayWhenItRetires)
{
    start();
    agents_.stopped = {"slow.test"};
    auto one = send({"a@slow.test"}), two = send({"b@slow.test", "c@one.test"});
    agents_.outcomes["later.example"] = later;
    ASSERT_TRUE(until([&] { return agents_.requests == 3; }));
    manager_->retire();
    auto three = put({"d@one.test"});
    manager_->arrived(three);
    run_for(50ms);
    EXPECT_EQ(working_, 2);
    EXPECT_TRUE(in(Queue::Incoming, three));
    agents_.stopped.clear();
    agents_.changed.notify();
    EXPECT_TRUE(until([&] { return gone(one) && gone(two) && working_ == 0; }));
    start();
    EXPECT_TRUE(until([&] { return gone(three); }));
    for (const auto* address : {"a@slow.test", "b@slow.test", "c@one.test", "d@one.test"})
        EXPECT_EQ(agents_.sent[address], 1) << address;
}

TEST_F(ManagerTest, DeliversALongListInPortions)
{
    limits_.message_recipient_limit = 500;
    catalog_.given.recipient_refill_limit = 50;
    std::vector<std::string> to;
    for (int i = 0; i < 5000; ++i)
        to.push_back("u" + std::to_string(i) + "@d" + std::to_string(i % 20) + ".test");
    start();
    auto id = send(to);
    EXPECT_TRUE(until([&] { return gone(id); }, 30s));
    EXPECT_EQ(agents_.sent.size(), 5000u);
    EXPECT_TRUE(std::all_of(agents_.sent.begin(), agents_.sent.end(),
                            [](const auto& entry) { return entry.second == 1; }));
}

TEST_F(ManagerTest, MakesTheIndexAnewAfterAKill)
{
    agents_.outcomes["one.test"] = later;
    start();
    auto id = send({"a@one.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    kill(); // Without the mark of a clean end, like a killed one.
    std::filesystem::remove(folder_.path() + "/queue_index.clean");
    make_due(id);
    agents_.outcomes.clear();
    start();
    EXPECT_TRUE(until([&] { return gone(id); }));
}

TEST_F(ManagerTest, RemembersDeferredMailOverACleanEnd)
{
    agents_.outcomes["one.test"] = later;
    start();
    auto id = send({"a@one.test"});
    ASSERT_TRUE(until([&] { return in(Queue::Deferred, id); }));
    manager_->retire();
    start();
    EXPECT_EQ(log_.count("queue index made anew"), 0);
    EXPECT_EQ(manager_->flush_site("ONE.test"), 1u);
    EXPECT_TRUE(until([&] { return agents_.tried["a@one.test"] == 2; }));
}

} // namespace qmgr
