// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/index.h"

#include <fstream>

#include "lib/queue/index_rebuild.h"
#include "lib/queue/journal.h"
#include "tests/unit/queue/queue_fixture.h"
#include "tests/unit/queue/sample_file.h"

namespace queue {

namespace {

class IndexTest : public QueueTest {
protected:
    Index::Options options() const
    {
        Index::Options made;
        made.path = directory_.path() + "/index";
        made.map_size = 1 << 16;
        return made;
    }
    std::unique_ptr<Index> open_index()
    {
        auto index = Index::open(options());
        EXPECT_TRUE(index) << index.error().text;
        return index ? std::move(*index) : nullptr;
    }
};

base::WallTime at(long long seconds)
{
    return base::from_unix_seconds(seconds);
}

IndexEntry entry(const std::string& id, long long next, const std::string& sender,
                 const std::string& destination)
{
    IndexEntry made;
    made.id = id;
    made.next_attempt = at(next);
    made.arrival = at(1000);
    made.size = 4096;
    made.sender = sender;
    made.recipient_count = 2;
    made.recipients = {{"A@" + destination,
                        destination,
                        "connection refused",
                        {mail::FailureClass::Network, false}},
                       {"b@" + destination,
                        destination,
                        "connection refused",
                        {mail::FailureClass::Network, false}}};
    return made;
}

using Ids = std::vector<mail::QueueId>;

} // namespace

TEST_F(IndexTest, AnswersByEachFieldAndInOrderOfTime)
{
    auto index = open_index();
    const IndexEntry entries[] = {entry("AAAAAA", 300, "s1@x", "one.example"),
                                  entry("BBBBBB", 100, "S2@x", "two.example"),
                                  entry("CCCCCC", 200, "s1@x", "two.example")};
    ASSERT_TRUE(index->put(entries));
    EXPECT_EQ(*index->count(), 3u);
    EXPECT_EQ(*index->find("BBBBBB"), entries[1]);
    EXPECT_FALSE(index->find("DDDDDD"));
    EXPECT_EQ(*index->due({}, at(250), 10),
              (std::vector<Due>{{at(100), "BBBBBB"}, {at(200), "CCCCCC"}}));
    EXPECT_EQ(*index->due({at(100), "BBBBBB"}, at(1000), 1),
              (std::vector<Due>{{at(200), "CCCCCC"}}));
    EXPECT_EQ(*index->with(IndexField::Sender, "S1@X", "", 10), (Ids{"AAAAAA", "CCCCCC"}));
    EXPECT_EQ(*index->with(IndexField::Sender, "s1@x", "AAAAAA", 10), (Ids{"CCCCCC"}));
    EXPECT_EQ(*index->with(IndexField::Sender, "s1", "", 10), (Ids{}));
    EXPECT_EQ(*index->with(IndexField::Recipient, "a@one.example", "", 10), (Ids{"AAAAAA"}));
    EXPECT_EQ(*index->with(IndexField::Destination, "two.example", "", 10),
              (Ids{"BBBBBB", "CCCCCC"}));
    EXPECT_EQ(*index->with(IndexField::Reason, "connection refused", "", 2),
              (Ids{"AAAAAA", "BBBBBB"}));
    EXPECT_EQ(*index->with(IndexField::Domain, "one.example", "", 10), (Ids{"AAAAAA"}));
    EXPECT_EQ(*index->with(IndexField::Class, "network", "", 1), (Ids{"AAAAAA"}));
    EXPECT_EQ(*index->all("AAAAAA", 10), (Ids{"BBBBBB", "CCCCCC"}));
    Ids seen;
    EXPECT_TRUE(*index->each("AAAAAA", [&](const IndexEntry& one) {
        seen.push_back(one.id);
        return true;
    }));
    EXPECT_EQ(seen, (Ids{"BBBBBB", "CCCCCC"}));
    EXPECT_FALSE(*index->each("", [](const IndexEntry&) { return false; }));
    EXPECT_EQ(index->by_arrival({}, at(1000), 10)->size(), 3u);
}

TEST_F(IndexTest, ForgetsWhatChangedOrWent)
{
    auto index = open_index();
    ASSERT_TRUE(index->put(entry("AAAAAA", 300, "old@x", "one.example")));
    ASSERT_TRUE(index->put(entry("AAAAAA", 400, "new@x", "one.example")));
    EXPECT_EQ(*index->count(), 1u);
    EXPECT_EQ(*index->with(IndexField::Sender, "old@x", "", 10), (Ids{}));
    EXPECT_EQ(*index->due({}, at(1000), 10), (std::vector<Due>{{at(400), "AAAAAA"}}));
    IndexEntry held = entry("AAAAAA", 400, "new@x", "one.example");
    held.queue = Queue::Hold;
    ASSERT_TRUE(index->put(held));
    EXPECT_EQ(*index->due({}, at(1000), 10), (std::vector<Due>{}));
    EXPECT_EQ(*index->with(IndexField::Sender, "new@x", "", 10), (Ids{"AAAAAA"}));
    ASSERT_TRUE(index->remove("AAAAAA"));
    ASSERT_TRUE(index->remove("AAAAAA"));
    EXPECT_EQ(*index->count(), 0u);
    EXPECT_EQ(*index->with(IndexField::Destination, "one.example", "", 10), (Ids{}));
}

TEST_F(IndexTest, IsKeptOverACleanEndOnly)
{
    {
        auto index = open_index();
        EXPECT_TRUE(index->needs_rebuild());
        ASSERT_TRUE(index->put(entry("AAAAAA", 300, "s@x", "one.example")));
        index->set_complete();
        ASSERT_TRUE(index->close());
    }
    {
        auto index = open_index();
        EXPECT_FALSE(index->needs_rebuild());
        EXPECT_EQ(*index->count(), 1u);
        ASSERT_TRUE(index->put(entry("BBBBBB", 300, "s@x", "one.example")));
        // Killed here.
    }
    auto index = open_index();
    EXPECT_TRUE(index->needs_rebuild());
    EXPECT_EQ(*index->count(), 0u);
}

TEST_F(IndexTest, IsThrownAwayWhenDamaged)
{
    for (const bool cut : {false, true}) {
        {
            auto index = open_index();
            ASSERT_TRUE(index->put(entry("AAAAAA", 300, "s@x", "one.example")));
            index->set_complete();
            ASSERT_TRUE(index->close());
        }
        if (cut)
            std::filesystem::resize_file(options().path, 5000);
        else
            std::fstream(options().path, std::ios::in | std::ios::out).seekp(9000).put('!');
        auto index = open_index();
        EXPECT_TRUE(index->needs_rebuild());
        EXPECT_EQ(*index->count(), 0u);
    }
}

TEST_F(IndexTest, IsNotMarkedGoodBeforeItIsComplete)
{
    {
        auto index = open_index();
        ASSERT_TRUE(index->close());
    }
    EXPECT_TRUE(open_index()->needs_rebuild());
}

TEST_F(IndexTest, IsOpenedByOneProcessOnly)
{
    auto index = open_index();
    auto second = Index::open(options());
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().temporary());
}

TEST_F(IndexTest, GrowsUpToItsLimit)
{
    Index::Options small = options();
    small.map_limit = 1 << 20;
    auto index = std::move(Index::open(small)).value();
    base::Result<void> put;
    int count = 0;
    for (; put && count < 5000; ++count)
        put = index->put(entry("ID" + std::to_string(100'000 + count), count, "s@x", "d.example"));
    ASSERT_FALSE(put);
    EXPECT_TRUE(put.error().temporary());
    EXPECT_GT(count, 300);
    EXPECT_EQ(*index->count(), static_cast<unsigned>(count) - 1);
}

TEST_F(IndexTest, CutsLongValuesAndLists)
{
    auto index = open_index();
    IndexEntry big = entry("AAAAAA", 1, std::string(5000, 's'), "d.example");
    big.recipients.assign(3000, {std::string(1000, 'r'), "d.example", std::string("a\0b", 3), {}});
    ASSERT_TRUE(index->put(big));
    EXPECT_EQ(*index->with(IndexField::Sender, std::string(5000, 's'), "", 10), (Ids{"AAAAAA"}));
    EXPECT_EQ(index->find("AAAAAA")->recipients.size(), index_recipient_limit);
    ASSERT_TRUE(index->remove("AAAAAA"));
    EXPECT_EQ(*index->with(IndexField::Reason, std::string("a\0b", 3), "", 10), (Ids{}));
}

TEST_F(IndexTest, IsMadeAgainFromTheFiles)
{
    const std::string deferred = put(sample_message());
    {
        auto reader = std::move(open(Queue::Incoming, deferred)).value();
        auto state = std::move(reader.journal(JournalDetail::States)).value();
        base::Fd file;
        ASSERT_EQ(disk_.open(queue_.path(Queue::Incoming, deferred), Access::ReadWrite, file), 0);
        Journal journal{disk_, std::move(file), std::move(state)};
        ASSERT_TRUE(journal.record(0, sent_outcome(1)));
        ASSERT_TRUE(journal.record(1, deferred_outcome(1)));
    }
    ASSERT_TRUE(queue_.defer(deferred, Queue::Incoming, at(5000)));
    const std::string held = put(sample_message(), Queue::Hold);
    std::ofstream(directory_.path() + "/hold/BADBAD") << "no message";

    auto index = open_index();
    IndexRebuild rebuild{*index, queue_};
    int steps = 0;
    for (auto done = rebuild.step(1); done && !*done; done = rebuild.step(1))
        ASSERT_LT(++steps, 20);
    EXPECT_FALSE(index->needs_rebuild());
    EXPECT_EQ(rebuild.indexed(), 2u);
    EXPECT_EQ(rebuild.corrupt(), 1u);
    EXPECT_EQ(queue_.find("BADBAD"), Queue::Corrupt);
    EXPECT_EQ(*index->due({}, at(1L << 32), 10), (std::vector<Due>{{at(5000), deferred}}));
    auto found = index->find(deferred);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->sender, "sender@example.com");
    EXPECT_EQ(found->size, sample_content.size());
    EXPECT_EQ(found->recipient_count, 1u);
    EXPECT_EQ(found->recipients,
              (std::vector<IndexedRecipient>{
                  {"two@example.org", "example.org", deferred_outcome(1).text, {}}}));
    EXPECT_EQ(index->find(held)->queue, Queue::Hold);
}

} // namespace queue
