// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/writer.h"

#include <fstream>

#include "tests/unit/queue/queue_fixture.h"

namespace queue {

namespace {

class Writer : public QueueTest {};

std::string read_all(const MessageReader& reader)
{
    std::string content(reader.layout().content.size, '\0');
    auto got = reader.read_content(0, content);
    EXPECT_TRUE(got && *got == content.size());
    return content;
}

} // namespace

TEST_F(Writer, KeepsEverythingOfAMessage)
{
    Message message = sample_message();
    message.id = put(message);
    auto reader = open(Queue::Incoming, message.id);
    ASSERT_TRUE(reader) << reader.error().text;
    EXPECT_EQ(read_all(*reader), sample_content);
    auto whole = reader->whole_message();
    ASSERT_TRUE(whole);
    EXPECT_EQ(*whole, message);
    EXPECT_EQ(whole->attribute("login"), "user");
    EXPECT_EQ(whole->attribute("none"), "");
}

TEST_F(Writer, NamesTheFileAfterArrivalAndInode)
{
    const std::string id = put(sample_message());
    EXPECT_EQ(id.substr(0, 5), "1E240"); // 123456 microseconds.
    FileStatus status;
    ASSERT_EQ(disk_.status("incoming/" + id, status), 0);
    EXPECT_EQ(mail::inode_of(id), status.inode);
    EXPECT_EQ(status.mode & 07777, 0700u);
    EXPECT_EQ(status.links, 1u);
}

TEST_F(Writer, TakesContentOfAnySizeInAnyPieces)
{
    for (const std::size_t size : {0, 1, 5000, 16 * 1024, 65535, 65536, 65537, 300'000}) {
        for (const std::size_t piece : {1000, 65536, 1'000'000}) {
            std::string content;
            while (content.size() < size)
                content += "0123456789abcdef: 0123456789\r\n";
            content.resize(size);
            auto writer = MessageWriter::begin(queue_, base::from_unix_seconds(1), {});
            ASSERT_TRUE(writer);
            for (std::size_t at = 0; at < size; at += piece)
                ASSERT_TRUE(writer->append(std::string_view(content).substr(at, piece)));
            auto made = writer->finish(sample_message());
            ASSERT_TRUE(made) << made.error().text;
            ASSERT_TRUE(commit(disk_, *made));
            auto reader = open(Queue::Incoming, made->id);
            ASSERT_TRUE(reader) << size << " " << piece << " " << reader.error().text;
            EXPECT_EQ(read_all(*reader), content);
            EXPECT_EQ(reader->layout().content.size, size);
            ASSERT_TRUE(queue_.remove(Queue::Incoming, made->id));
        }
    }
}

TEST_F(Writer, CostsOneWriteForASmallMessage)
{
    const int before = disk_.calls();
    put(sample_message());
    EXPECT_EQ(disk_.calls() - before, 7);
    const std::vector<std::string> want = {"create_unnamed", "status", "write",         "link",
                                           "sync",           "close",  "sync_directory"};
    EXPECT_EQ(std::vector<std::string>(disk_.names().end() - 7, disk_.names().end()), want);
}

TEST_F(Writer, WorksWithoutUnnamedFiles)
{
    disk_.no_unnamed = true;
    const std::string id = put(sample_message());
    EXPECT_TRUE(open(Queue::Incoming, id));
    EXPECT_EQ(ids(Queue::Incoming), std::vector<std::string>{id});
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path() + "/incoming"))
        EXPECT_EQ(entry.path().filename(), id);
}

TEST_F(Writer, LeavesNothingBehindWhenGivenUp)
{
    for (const bool no_unnamed : {false, true}) {
        disk_.no_unnamed = no_unnamed;
        {
            auto writer = MessageWriter::begin(queue_, base::from_unix_seconds(1), {});
            ASSERT_TRUE(writer);
            ASSERT_TRUE(writer->append("x"));
            MessageWriter moved = std::move(*writer);
        }
        EXPECT_TRUE(std::filesystem::is_empty(directory_.path() + "/incoming"));
    }
}

TEST_F(Writer, RefusesWhatIsTooLarge)
{
    MessageWriter::Options options;
    options.size_limit = 10;
    auto writer = MessageWriter::begin(queue_, base::from_unix_seconds(1), options);
    ASSERT_TRUE(writer);
    EXPECT_TRUE(writer->append("0123456789"));
    auto more = writer->append("x");
    ASSERT_FALSE(more);
    EXPECT_FALSE(more.error().temporary());
}

TEST_F(Writer, DefersWhenTheDiskIsNearlyFull)
{
    MessageWriter::Options options;
    options.minfree = ~std::uint64_t{0};
    auto writer = MessageWriter::begin(queue_, base::from_unix_seconds(1), options);
    ASSERT_FALSE(writer);
    EXPECT_TRUE(writer.error().temporary());
}

TEST_F(Writer, PutsAMessageOnHoldAndIntoHashedQueues)
{
    const std::string held = put(sample_message(), Queue::Hold);
    EXPECT_TRUE(open(Queue::Hold, held));
    const std::string deferred = put(sample_message(), Queue::Deferred);
    EXPECT_TRUE(open(Queue::Deferred, deferred));
    EXPECT_EQ(queue_.path(Queue::Deferred, deferred), "deferred/1/" + deferred);
}

TEST_F(Writer, SharesOneDirectorySyncAmongManyMessages)
{
    std::vector<UncommittedMessage> messages;
    for (int i = 0; i < 5; ++i)
        messages.push_back(std::move(write(sample_content, sample_message())).value());
    messages.push_back(std::move(write(sample_content, sample_message(), Queue::Hold)).value());
    std::vector<base::Result<void>> results(messages.size());
    const int before = disk_.count("sync_directory");
    commit(disk_, messages, results);
    EXPECT_EQ(disk_.count("sync_directory") - before, 2);
    for (const auto& result : results)
        EXPECT_TRUE(result);
}

TEST_F(Writer, GivesUpOnlyTheMessageWhoseSyncFailed)
{
    std::vector<UncommittedMessage> messages;
    for (int i = 0; i < 3; ++i)
        messages.push_back(std::move(write(sample_content, sample_message())).value());
    std::vector<base::Result<void>> results(messages.size());
    disk_.fail_at = disk_.calls() + 2; // sync, close, sync
    commit(disk_, messages, results);
    EXPECT_TRUE(results[0]);
    EXPECT_FALSE(results[1]);
    EXPECT_TRUE(results[2]);
    EXPECT_EQ(disk_.count("sync"), 3) << "a failed fsync is never tried again";
    EXPECT_FALSE(open(Queue::Incoming, messages[1].id));
    EXPECT_TRUE(open(Queue::Incoming, messages[2].id));
}

namespace {

struct Scenario {
    const char* name;
    bool no_unnamed;
    std::size_t size;
    Queue queue;
};
constexpr Scenario scenarios[] = {
    {"small", false, 100, Queue::Incoming},
    {"large", false, 200'000, Queue::Incoming},
    {"small, no O_TMPFILE", true, 100, Queue::Incoming},
    {"large, no O_TMPFILE", true, 200'000, Queue::Incoming},
    {"hashed", false, 100, Queue::Deferred},
};

// One message through a disk that fails at call `at`. Returns whether there was such a call.
bool accept_with_fault(const Scenario& scenario, int at, bool power_cut)
{
    TemporaryDirectory directory;
    auto system = SystemDisk::open(directory.path());
    Directories plain{**system, {}};
    EXPECT_TRUE(plain.create_missing({::getuid(), ::getuid(), ::getgid()}));
    FaultDisk disk{**system};
    disk.fail_at = at;
    disk.dead_after = power_cut;
    disk.no_unnamed = scenario.no_unnamed;
    Directories queue{disk, {}};
    const std::string content(scenario.size, 'x');

    bool acknowledged = false;
    {
        auto writer = MessageWriter::begin(queue, base::from_unix_seconds(1), {});
        if (writer && writer->append(content)) {
            auto made = writer->finish(sample_message(), scenario.queue);
            acknowledged = made && commit(disk, *made);
        }
    }
    const bool had_fault = disk.calls() > at;
    if (power_cut)
        disk.crash();
    int found = 0;
    auto scan = plain.scan(scenario.queue);
    for (auto id = scan.next(); id && *id; id = scan.next(), ++found) {
        // The named variant may leave a second link; that is what sweep() is for.
        base::Fd file;
        EXPECT_EQ((*system)->open(plain.path(scenario.queue, **id), Access::Read, file), 0);
        auto reader = MessageReader::open(**system, std::move(file), MessageReader::Check::Content);
        EXPECT_TRUE(reader) << scenario.name << " call " << at << ": " << reader.error().text;
        EXPECT_TRUE(reader && reader->layout().content.size == content.size());
    }
    EXPECT_LE(found, 1);
    EXPECT_TRUE(!acknowledged || found == 1) << scenario.name << " call " << at;
    EXPECT_TRUE(acknowledged || power_cut || found == 0) << scenario.name << " call " << at;
    return had_fault;
}

} // namespace

TEST(Durability, SurvivesAnErrorOfEachDiskCall)
{
    for (const Scenario& scenario : scenarios) {
        int at = 0;
        while (accept_with_fault(scenario, at, false))
            ++at;
        EXPECT_GE(at, 7) << scenario.name;
    }
}

TEST(Durability, SurvivesAPowerCutAtEachDiskCall)
{
    for (const Scenario& scenario : scenarios) {
        int at = 0;
        while (accept_with_fault(scenario, at, true))
            ++at;
        EXPECT_GE(at, 7) << scenario.name;
    }
}

TEST_F(Writer, LosesWhatWasNotCommittedInAPowerCut)
{
    auto written = write(sample_content, sample_message());
    ASSERT_TRUE(written);
    disk_.crash();
    EXPECT_TRUE(ids(Queue::Incoming).empty()) << "else the fake does not bite";
}

} // namespace queue
