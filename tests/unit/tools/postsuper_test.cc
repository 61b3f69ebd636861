// SPDX-License-Identifier: Apache-2.0
// postsuper beside a queue manager: the test plays that part.
#include <chrono>
#include <gtest/gtest.h>
#include <set>

#include "lib/event/watch.h"
#include "lib/ipc/server.h"
#include "lib/net/socket.h"
#include "tests/unit/queue/queue_fixture.h"
#include "tools/postsuper/changer.h"
#include "tools/postsuper/redirect.h"

namespace postsuper {
namespace {

using namespace ipc::qmgr;

// Knows the messages whose ids it was given.
class FakeQmgr {
public:
    std::set<std::string> known;
    std::vector<ChangeMessage> asked;

    base::Task<base::Result<void>> on(Arrived) { co_return base::Result<void>{}; }
    base::Task<base::Result<Count>> on(Wake) { co_return Count{}; }
    base::Task<base::Result<Count>> on(FlushAll) { co_return Count{}; }
    base::Task<base::Result<Count>> on(FlushMessage) { co_return Count{}; }
    base::Task<base::Result<Count>> on(FlushSite) { co_return Count{}; }
    base::Task<base::Result<Found>> on(Search) { co_return Found{}; }
    base::Task<base::Result<Found>> on(SearchMore) { co_return Found{}; }
    base::Task<base::Result<Count>> on(FlushMatching) { co_return Count{}; }
    base::Task<base::Result<Explanation>> on(Explain) { co_return Explanation{}; }
    base::Task<base::Result<DestinationState>> on(ExplainAddress) { co_return DestinationState{}; }
    base::Task<base::Result<Changed>> on(ChangeMessage change)
    {
        asked.push_back(change);
        co_return Changed{known.count(change.queue_id) != 0};
    }
};

base::Task<void> serve_one(events::Loop& loop, int listener, FakeQmgr& qmgr)
{
    events::Watch watch(loop, listener);
    while (true) {
        auto accepted = net::accept_one(listener);
        if (accepted && *accepted) {
            ipc::Channel channel(loop, std::move((*accepted)->fd));
            co_await ipc::serve<Protocol>(channel, qmgr, {});
            co_return;
        }
        co_await watch.readable(base::Deadline::never());
    }
}

class PostsuperTest : public queue::QueueTest {
protected:
    PostsuperTest() : socket_(directory_.path() + "/public/qmgr")
    {
        listener_ = std::move(net::listen_unix(socket_, 10, 0600)).value();
    }
    events::Loop loop_;
    std::string socket_;
    base::Fd listener_;
    FakeQmgr qmgr_;
    base::Scope server_;
};

TEST_F(PostsuperTest, FindsNobodyWhereNobodyListens)
{
    QmgrChanger changer{loop_, directory_.path() + "/public/nobody"};
    EXPECT_FALSE(changer.connect());
}

TEST_F(PostsuperTest, AsksTheQueueManagerForEveryMessage)
{
    server_.spawn(serve_one(loop_, listener_.number(), qmgr_));
    QmgrChanger changer{loop_, socket_};
    ASSERT_TRUE(changer.connect());
    qmgr_.known = {"AAAAAA1", "AAAAAA3"};
    std::vector<Job> jobs = {{"AAAAAA1"}, {"AAAAAA2"}, {"AAAAAA3"}};
    jobs[2].queue = queue::Queue::Hold; // Cannot be put on hold again.
    ASSERT_TRUE(changer.change(Action::Hold, jobs));
    EXPECT_TRUE(jobs[0].done);
    EXPECT_FALSE(jobs[1].done);
    EXPECT_FALSE(jobs[2].done);
    ASSERT_EQ(qmgr_.asked.size(), 2u);
    EXPECT_EQ(qmgr_.asked[0].change, Change::Hold);
}

TEST_F(PostsuperTest, AsksForAHundredThousandMessagesInSeconds)
{
    server_.spawn(serve_one(loop_, listener_.number(), qmgr_));
    QmgrChanger changer{loop_, socket_};
    ASSERT_TRUE(changer.connect());
    std::vector<Job> jobs;
    for (int i = 100'000; i < 200'000; ++i)
        jobs.push_back({base::cat("AAAA", i)});
    const auto start = std::chrono::steady_clock::now();
    ASSERT_TRUE(changer.change(Action::Delete, jobs));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
    EXPECT_EQ(qmgr_.asked.size(), jobs.size());
}

TEST_F(PostsuperTest, TellsWhenTheQueueManagerGoes)
{
    server_.spawn(serve_one(loop_, listener_.number(), qmgr_));
    QmgrChanger changer{loop_, socket_};
    ASSERT_TRUE(changer.connect());
    server_.cancel();
    listener_.reset();
    std::vector<Job> jobs = {{"AAAAAA1"}, {"AAAAAA2"}};
    EXPECT_FALSE(changer.change(Action::Delete, jobs));
    EXPECT_FALSE(jobs[0].done);
}

TEST_F(PostsuperTest, RedirectsWhatStillWaits)
{
    const auto id = put(queue::sample_message(), queue::Queue::Deferred);
    const auto held = put(queue::sample_message(), queue::Queue::Hold);
    base::Fd file;
    ASSERT_EQ(disk_.open(queue_.path(queue::Queue::Deferred, id), queue::Access::ReadWrite, file),
              0);
    auto old =
        queue::MessageReader::open(disk_, std::move(file), queue::MessageReader::Check::Envelope);
    auto state = old->journal(queue::JournalDetail::States);
    queue::Journal journal(disk_, old->release(), std::move(*state));
    mail::Outcome sent;
    sent.status = mail::Status::Sent;
    ASSERT_TRUE(journal.record(0, sent));

    FileChanger files{queue_};
    Redirector redirector{queue_, files, {"new@place.example"}};
    std::vector<Job> jobs = {{id, queue::Queue::Deferred}, {held, queue::Queue::Hold}};
    ASSERT_TRUE(redirector.redirect(jobs));
    EXPECT_TRUE(jobs[0].done && jobs[1].done);
    EXPECT_FALSE(queue_.find(id) || queue_.find(held));
    ASSERT_EQ(ids(queue::Queue::Hold).size(), 1u);
    ASSERT_EQ(ids(queue::Queue::Incoming).size(), 1u);
    auto reader = open(queue::Queue::Incoming, ids(queue::Queue::Incoming)[0]);
    ASSERT_TRUE(reader);
    auto message = reader->whole_message();
    ASSERT_TRUE(message);
    ASSERT_EQ(message->recipients.size(), 1u);
    EXPECT_EQ(message->recipients[0].address, "new@place.example");
    EXPECT_EQ(message->recipients[0].original, "alias@example.com"); // Of the one that waits.
    EXPECT_EQ(message->envelope.sender, "sender@example.com");
    EXPECT_EQ(message->attribute(queue::attribute::original_queue_id), id);
    EXPECT_EQ(reader->layout().content.size, queue::sample_content.size());
    EXPECT_TRUE(reader->check_content());
}

TEST_F(PostsuperTest, GivesBackWhatCannotBeRedirected)
{
    const auto id = put(queue::sample_message(), queue::Queue::Deferred);
    const std::string path = directory_.path() + "/" + queue_.path(queue::Queue::Deferred, id);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 20);
    FileChanger files{queue_};
    Redirector redirector{queue_, files, {"new@place.example"}};
    std::vector<Job> jobs = {{id, queue::Queue::Deferred}, {"ABCDEF1", queue::Queue::Deferred}};
    ASSERT_TRUE(redirector.redirect(jobs));
    EXPECT_FALSE(jobs[0].done || jobs[1].done);
    EXPECT_EQ(queue_.find(id), queue::Queue::Deferred);
    EXPECT_TRUE(ids(queue::Queue::Incoming).empty());
}

TEST_F(PostsuperTest, ChangesFilesWhereNoQueueManagerRuns)
{
    const auto id = put(queue::sample_message(), queue::Queue::Active);
    FileChanger files{queue_};
    std::vector<Job> jobs = {{id, queue::Queue::Active}, {"ABCDEF1", queue::Queue::Active}};
    ASSERT_TRUE(files.change(Action::Expire, jobs));
    EXPECT_TRUE(jobs[0].done);
    EXPECT_FALSE(jobs[1].done);
    EXPECT_TRUE(is_expired(queue_, jobs[0]));
    ASSERT_TRUE(files.change(Action::Hold, std::span(jobs).first(1)));
    EXPECT_EQ(queue_.find(id), queue::Queue::Hold);
    jobs[0].queue = queue::Queue::Hold;
    ASSERT_TRUE(files.change(Action::Release, std::span(jobs).first(1)));
    EXPECT_EQ(queue_.find(id), queue::Queue::Deferred);
    jobs[0].queue = queue::Queue::Deferred;
    ASSERT_TRUE(files.change(Action::Requeue, std::span(jobs).first(1)));
    EXPECT_EQ(queue_.find(id), queue::Queue::Maildrop);
    jobs[0].queue = queue::Queue::Maildrop;
    ASSERT_TRUE(files.change(Action::Delete, std::span(jobs).first(1)));
    EXPECT_EQ(queue_.find(id), std::nullopt);
}

} // namespace
} // namespace postsuper
