// SPDX-License-Identifier: Apache-2.0
#include "lib/search/explain.h"
#include "tests/unit/queue/queue_fixture.h"

namespace search {
namespace {

using queue::Queue;

class ExplainTest : public queue::QueueTest {};

TEST_F(ExplainTest, TellsEveryAttemptThatIsKept)
{
    const auto id = put(queue::sample_message(), Queue::Deferred);
    base::Fd file;
    ASSERT_EQ(disk_.open(queue_.path(Queue::Deferred, id), queue::Access::ReadWrite, file), 0);
    auto reader =
        queue::MessageReader::open(disk_, std::move(file), queue::MessageReader::Check::Envelope);
    auto state = reader->journal(queue::JournalDetail::States);
    queue::Journal journal(disk_, reader->release(), std::move(*state));
    mail::Outcome outcome;
    outcome.status = mail::Status::Deferred;
    for (const char* text : {"first", "second"}) {
        outcome.text = text;
        ASSERT_TRUE(journal.record(0, outcome));
    }
    outcome.status = mail::Status::Sent;
    ASSERT_TRUE(journal.record(1, outcome));
    auto explained = explain(queue_, id);
    ASSERT_TRUE(explained && explained->found);
    EXPECT_EQ(explained->queue, "deferred");
    EXPECT_EQ(explained->recipient_count, 2u);
    EXPECT_EQ(explained->waiting, 1u);
    ASSERT_EQ(explained->recipients.size(), 1u);
    const auto& recipient = explained->recipients[0];
    EXPECT_EQ(recipient.recipient.address, "one@example.org");
    EXPECT_EQ(recipient.attempts, 2u);
    ASSERT_EQ(recipient.history.size(), 2u);
    EXPECT_EQ(recipient.history[0].outcome.text, "first");
    EXPECT_EQ(recipient.history[1].number, 2u);
    EXPECT_NE(explained->next_attempt, base::WallTime{});
}

TEST_F(ExplainTest, KnowsWhatIsNotThere)
{
    EXPECT_FALSE(explain(queue_, "ABCDEF1")->found);
}

} // namespace
} // namespace search
