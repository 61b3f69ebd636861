// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/listing.h"

#include <fstream>

#include "lib/queue/listing_wire.h"
#include "tests/unit/queue/queue_fixture.h"
#include "tests/unit/queue/sample_file.h"

namespace queue {
namespace {

using namespace std::string_view_literals;

struct Collect final : ListingParser::Sink {
    void take(const ListedMessage& message) override { messages.push_back(message); }
    std::vector<ListedMessage> messages;
};

class ListingTest : public QueueTest {
protected:
    std::vector<ListedMessage> list()
    {
        std::vector<ListedMessage> all;
        Listing listing{queue_};
        while (true) {
            auto next = listing.next();
            if (!next)
                errors_.push_back(next.error().text);
            else if (*next)
                all.push_back(std::move(**next));
            else
                return all;
        }
    }
    std::vector<std::string> errors_;
};

TEST_F(ListingTest, OfAnEmptyQueueIsEmpty)
{
    EXPECT_TRUE(list().empty());
    EXPECT_TRUE(errors_.empty());
}

TEST_F(ListingTest, ShowsQueuesInOrderAndOnlyWhatIsNotDone)
{
    const auto held = put(sample_message(), Queue::Hold);
    const auto active = put(sample_message(), Queue::Active);
    base::Fd file;
    ASSERT_EQ(disk_.open(queue_.path(Queue::Hold, held), Access::ReadWrite, file), 0);
    auto reader = MessageReader::open(disk_, std::move(file), MessageReader::Check::Content);
    auto state = reader->journal(JournalDetail::All);
    Journal journal{disk_, reader->release(), *state};
    ASSERT_TRUE(journal.record(0, sent_outcome(1)));
    ASSERT_TRUE(journal.record(1, deferred_outcome(1)));
    ASSERT_TRUE(journal.note(NoteKind::Expired, 1));
    const auto all = list();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].id, active);
    EXPECT_EQ(all[0].recipients.size(), 2u);
    EXPECT_FALSE(all[0].forced_expire);
    EXPECT_EQ(all[1].queue, Queue::Hold);
    EXPECT_EQ(all[1].size, sample_content.size());
    EXPECT_TRUE(all[1].forced_expire);
    ASSERT_EQ(all[1].recipients.size(), 1u);
    EXPECT_EQ(all[1].recipients[0].address, "two@example.org");
    EXPECT_EQ(all[1].recipients[0].reason, deferred_outcome(1).text);
}

TEST_F(ListingTest, GoesOnBehindADamagedFile)
{
    std::ofstream(directory_.path() + "/active/BADBAD1") << "no message";
    const auto id = put(sample_message(), Queue::Hold);
    const auto all = list();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].id, id);
    EXPECT_EQ(errors_.size(), 1u);
}

TEST_F(ListingTest, BringsForgedValuesIntoRange)
{
    Message message = sample_message();
    message.envelope.sender = "";
    message.id = "ABCDEF123";
    message.envelope.arrival = base::from_unix_microseconds(-5'000'000);
    message.recipients = {{std::string(100'000, 'x') + "@a", "", "", 0},
                          {"line\nbreak\x1b@a", "", "", 0}};
    auto written = file_of(message, sample_content);
    StringDisk disk;
    disk.bytes = written;
    auto reader = MessageReader::open(disk, base::Fd{}, MessageReader::Check::Envelope);
    ASSERT_TRUE(reader);
    auto listed = list_message(*reader, Queue::Deferred);
    ASSERT_TRUE(listed);
    EXPECT_EQ(listed->sender, "MAILER-DAEMON");
    EXPECT_EQ(listed->arrival, base::WallTime{});
    EXPECT_LT(listed->recipients[0].address.size(), 10'000u);
    EXPECT_EQ(listed->recipients[1].address.find('\n'), std::string::npos);
    EXPECT_EQ(listed->recipients[1].address.find('\x1b'), std::string::npos);
}

ListedMessage example()
{
    ListedMessage message;
    message.queue = Queue::Deferred;
    message.id = "0F5383D123";
    message.arrival = base::from_unix_seconds(1'700'000'000);
    message.size = 367;
    message.sender = "a@b.example";
    message.recipients = {{"c@d.example", "text"}, {"e@f.example", ""}};
    return message;
}

TEST(ListingWire, HasTheBytesThatExportersRead)
{
    std::string bytes(listing_begin());
    append_listed(bytes, example());
    bytes += listing_end();
    EXPECT_EQ(bytes, "protocol\0mail_queue_list_protocol\0\0"
                     "queue_name\0deferred\0queue_id\0"
                     "0F5383D123\0time\0"
                     "1700000000\0size\0"
                     "367\0forced_expire\0"
                     "0\0sender\0a@b.example\0"
                     "recipient\0c@d.example\0reason\0text\0"
                     "recipient\0e@f.example\0reason\0\0\0\0"sv);
}

TEST(ListingWire, IsReadBackInPiecesOfAnySize)
{
    std::string bytes(listing_begin());
    append_listed(bytes, example());
    append_listed(bytes, example());
    bytes += listing_end();
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        Collect sink;
        ListingParser parser{sink};
        for (std::size_t at = 0; at < bytes.size(); at += step)
            ASSERT_TRUE(parser.feed(std::string_view(bytes).substr(at, step)));
        EXPECT_TRUE(parser.complete());
        EXPECT_EQ(sink.messages, (std::vector{example(), example()}));
    }
}

TEST(ListingWire, RefusesWhatIsNoListing)
{
    const std::string start(listing_begin());
    const struct {
        std::string_view name;
        std::string bytes;
    } rows[] = {
        {"nothing announced", std::string("\0", 1)},
        {"other protocol", std::string("protocol\0other\0\0"sv)},
        {"no announcement", std::string("queue_name\0hold\0"sv)},
        {"unknown queue", start + std::string("queue_name\0nowhere\0"sv)},
        {"bad id", start + std::string("queue_id\0../../x\0"sv)},
        {"bad time", start + std::string("time\0-1\0"sv)},
        {"huge time", start + std::string("time\0"
                                          "9999999999999999999\0"sv)},
        {"bad size", start + std::string("size\0x\0"sv)},
        {"reason first", start + std::string("reason\0x\0"sv)},
        {"attributes missing", start + std::string("queue_name\0hold\0\0"sv)},
        {"behind the end", start + std::string("\0x"sv)},
        {"endless value", start + std::string(listing_value_limit + 1, 'x')},
    };
    for (const auto& row : rows) {
        Collect sink;
        ListingParser parser{sink};
        EXPECT_FALSE(parser.feed(row.bytes)) << row.name;
        EXPECT_TRUE(sink.messages.empty()) << row.name;
    }
}

TEST(ListingWire, PassesOverUnknownAttributes)
{
    Collect sink;
    ListingParser parser{sink};
    ASSERT_TRUE(parser.feed(std::string(listing_begin()) +
                            std::string("queue_name\0hold\0queue_id\0ABCDEF1\0time\0"
                                        "1\0size\0"
                                        "2\0sender\0a\0recipient\0b\0orig_address\0c\0\0\0"sv)));
    EXPECT_TRUE(parser.complete());
    ASSERT_EQ(sink.messages.size(), 1u);
    EXPECT_EQ(sink.messages[0].recipients[0].address, "b");
}

} // namespace
} // namespace queue
