// SPDX-License-Identifier: Apache-2.0
// What people do to messages, at rest and under way; and mail for destinations that are dead.
#include <cstdlib>
#include <ctime>

#include "tests/unit/qmgr/manager_fixture.h"

namespace qmgr {

using ipc::qmgr::Change;

static const mail::Outcome later = outcome(mail::Status::Deferred, "4.2.0", "451 later");

class ManagerCommands : public ManagerTest {
protected:
    // A message in deferred that is not due for long.
    mail::QueueId deferred(const std::string& to)
    {
        agents_.outcomes[to.substr(to.find('@') + 1)] = later;
        auto id = send({to});
        EXPECT_TRUE(until([&] { return in(Queue::Deferred, id); }));
        agents_.outcomes.clear();
        return id;
    }
    // One whose delivery an agent is at.
    mail::QueueId under_way(const std::string& to)
    {
        agents_.stopped.insert(to.substr(to.find('@') + 1));
        int before = agents_.requests;
        auto id = send({to});
        EXPECT_TRUE(until([&] { return agents_.requests == before + 1; }));
        return id;
    }
    void go_on()
    {
        agents_.stopped.clear();
        agents_.changed.notify();
    }
};

TEST_F(ManagerCommands, ChangeMessagesAtRest)
{
    start();
    auto id = deferred("a@one.test");
    EXPECT_FALSE(manager_->change(id, Change::Release));
    EXPECT_TRUE(manager_->change(id, Change::Hold));
    EXPECT_TRUE(in(Queue::Hold, id));
    EXPECT_FALSE(manager_->change(id, Change::Hold));
    manager_->flush_all();
    run_for(100ms);
    EXPECT_TRUE(in(Queue::Hold, id)); // A flush is not a release.
    EXPECT_TRUE(manager_->change(id, Change::Release));
    EXPECT_TRUE(until([&] { return gone(id); }));

    auto unwanted = deferred("b@two.test");
    EXPECT_TRUE(manager_->change(unwanted, Change::Delete));
    EXPECT_TRUE(gone(unwanted));
    EXPECT_FALSE(manager_->change(unwanted, Change::Delete));

    auto again = deferred("c@three.test");
    EXPECT_TRUE(manager_->change(again, Change::Requeue));
    EXPECT_TRUE(in(Queue::Maildrop, again)); // pickup's from now on.
    EXPECT_FALSE(manager_->change(again, Change::Requeue));
}

TEST_F(ManagerCommands, ExpireAtRest)
{
    start();
    auto id = deferred("a@one.test"), other = deferred("b@two.test");
    agents_.outcomes["one.test"] = agents_.outcomes["two.test"] = later;
    EXPECT_TRUE(manager_->change(id, Change::Expire));
    run_for(100ms);
    EXPECT_TRUE(in(Queue::Deferred, id)); // At its next attempt.
    EXPECT_TRUE(manager_->change(other, Change::ExpireRelease));
    EXPECT_TRUE(until([&] { return gone(other); }));
    EXPECT_TRUE(manager_->flush_message(id));
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(log_.count("status=force-expired, returned to sender"), 2);
    EXPECT_EQ(bounce_->notices, 2);
}

TEST_F(ManagerCommands, ChangeMessagesUnderWayWhenTheAgentIsDone)
{
    agents_.outcomes["one.test"] = agents_.outcomes["two.test"] = later;
    agents_.outcomes["three.test"] = agents_.outcomes["four.test"] = later;
    start();
    auto held = under_way("a@one.test"), deleted = under_way("b@two.test");
    auto requeued = under_way("c@three.test"), expired = under_way("d@four.test");
    EXPECT_TRUE(manager_->change(held, Change::Hold));
    EXPECT_TRUE(manager_->change(deleted, Change::Delete));
    EXPECT_TRUE(manager_->change(requeued, Change::Requeue));
    EXPECT_TRUE(manager_->change(expired, Change::Expire));
    run_for(50ms);
    EXPECT_TRUE(in(Queue::Active, held) && in(Queue::Active, deleted));
    go_on();
    EXPECT_TRUE(until([&] {
        return in(Queue::Hold, held) && gone(deleted) && gone(expired) &&
               in(Queue::Maildrop, requeued);
    }));
    EXPECT_EQ(agents_.tried["c@three.test"], 1);
    EXPECT_EQ(bounce_->told["d@four.test"], 1);
    EXPECT_EQ(working_, 0);
}

TEST_F(ManagerCommands, KeepResultsOfAMessageThatIsHeldHalfway)
{
    start();
    agents_.stopped = {"slow.test"};
    auto id = send({"a@one.test", "b@slow.test"});
    ASSERT_TRUE(until([&] { return agents_.sent["a@one.test"] == 1; }));
    agents_.outcomes["slow.test"] = later;
    EXPECT_TRUE(manager_->change(id, Change::Hold));
    go_on();
    ASSERT_TRUE(until([&] { return in(Queue::Hold, id); }));
    agents_.outcomes.clear();
    EXPECT_TRUE(manager_->change(id, Change::Release));
    EXPECT_TRUE(until([&] { return gone(id); }));
    EXPECT_EQ(agents_.tried["a@one.test"], 1);
}

TEST_F(ManagerCommands, CatchAMessageWhileItIsRouted)
{
    router_.slow = true;
    start();
    auto deleted = send({"a@one.test", "b@one.test"}), held = send({"c@one.test"});
    run_for(5ms);
    EXPECT_TRUE(manager_->change(deleted, Change::Delete));
    EXPECT_TRUE(manager_->change(held, Change::Hold));
    EXPECT_TRUE(until([&] { return gone(deleted) && in(Queue::Hold, held); }));
    EXPECT_EQ(agents_.requests, 0);
}

TEST_F(ManagerCommands, CatchAMessageThatWaitsForTheBounceService)
{
    agents_.outcomes["bad.test"] = outcome(mail::Status::Bounced, "5.1.1", "550 no");
    bounce_->slow = true;
    start();
    auto id = send({"a@bad.test"});
    ASSERT_TRUE(until([&] { return agents_.requests == 1; }));
    run_for(30ms);
    EXPECT_TRUE(manager_->change(id, Change::Delete));
    bounce_->slow = false;
    EXPECT_TRUE(until([&] { return gone(id); }));
    run_for(30ms);
    EXPECT_EQ(log_.count(id + ": removed"), 1);
    EXPECT_EQ(working_, 0);
}

TEST_F(ManagerCommands, FlushAllAndMeetEachMessageOnce)
{
    start();
    std::vector<mail::QueueId> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(deferred("u" + std::to_string(i) + "@one.test"));
    agents_.outcomes["one.test"] = later;
    agents_.tried.clear();
    EXPECT_EQ(manager_->flush_all(), 5u);
    run_for(500ms);
    for (const auto& [address, times] : agents_.tried)
        EXPECT_EQ(times, 1) << address;
    EXPECT_EQ(agents_.tried.size(), 5u);
    agents_.outcomes.clear();
    manager_->flush_all();
    EXPECT_TRUE(until([&] {
        return std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return gone(id); });
    }));
}

TEST_F(ManagerCommands, FlushOneSite)
{
    start();
    auto one = deferred("a@one.test"), two = deferred("b@two.test");
    EXPECT_EQ(manager_->flush_site("two.test"), 1u);
    EXPECT_TRUE(until([&] { return gone(two); }));
    EXPECT_TRUE(in(Queue::Deferred, one));
    EXPECT_EQ(manager_->flush_site("nobody.test"), 0u);
}

TEST_F(ManagerCommands, LogASetbackOncePerRecipientAndRest)
{
    agents_.outcomes["dead.test"] = later;
    agents_.dead = {"dead.test"};
    queue_run_delay_ = 100ms;
    start();
    std::vector<mail::QueueId> ids;
    for (int i = 0; i < 40; ++i)
        ids.push_back(send({"u" + std::to_string(i) + "@dead.test"}));
    ASSERT_TRUE(until([&] { return files(Queue::Deferred) == 40; }));
    int attempts = agents_.requests;
    EXPECT_LE(attempts, 10);
    EXPECT_EQ(error_log_.count("status=deferred (delivery temporarily suspended: connect to"),
              40 - attempts);
    auto cpu = std::clock();
    auto lines = log_.lines.size();
    run_for(1s);
    EXPECT_LT(static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC, 0.2);
    EXPECT_EQ(agents_.requests, attempts);
    EXPECT_EQ(log_.lines.size(), lines);
}

TEST_F(ManagerCommands, ParkWhatFindsNoPlace)
{
    limits_.message_recipient_limit = 40;
    agents_.stopped = {"slow.test"};
    start();
    for (int i = 0; i < 60; ++i)
        send({"u" + std::to_string(i) + "@slow.test"});
    ASSERT_TRUE(until([&] { return files(Queue::Deferred) > 0; }));
    auto healthy = send({"a@one.test"});
    EXPECT_TRUE(until([&] { return gone(healthy); }));
    run_for(500ms);
    EXPECT_EQ(error_log_.lines.size(), 0u);
    auto scan = directories_->scan(Queue::Deferred);
    auto id = scan.next();
    auto wait = file_time(Queue::Deferred, **id) - loop_.clock().wall();
    EXPECT_GT(wait, 50s);
    EXPECT_LT(wait, 80s);
    EXPECT_GT(manager_->flush_site("slow.test"), 0u);
}

TEST_F(ManagerCommands, HoldNoMoreThanTheActiveLimit)
{
    limits_.message_active_limit = 100;
    active_limit_ = 100;
    const char* more = std::getenv("POSTHOUSE_QMGR_MESSAGES");
    const int messages = more == nullptr ? 3000 : std::atoi(more);
    for (int i = 0; i < messages; ++i)
        put({"u" + std::to_string(i) + "@d" + std::to_string(i % 50) + ".test"});
    for (int i = 0; i < 50; ++i)
        agents_.stopped.insert("d" + std::to_string(i) + ".test");
    start();
    ASSERT_TRUE(until([&] { return files(Queue::Active) >= 100; }));
    run_for(500ms);
    EXPECT_LE(files(Queue::Active), 104u); // Each intake may hold one more.
    std::size_t descriptors = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++descriptors;
    EXPECT_LT(descriptors, 160u);
    auto cpu = std::clock();
    run_for(1s);
    EXPECT_LT(static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC, 0.2);
    go_on();
    EXPECT_TRUE(until([&] { return static_cast<int>(agents_.sent.size()) == messages; }, 60s));
}

} // namespace qmgr
