// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/directories.h"

#include <fstream>
#include <sys/stat.h>

#include "tests/unit/queue/queue_fixture.h"

namespace queue {

namespace {

class DirectoriesTest : public QueueTest {};

} // namespace

TEST(HashKey, IsWhatPostfixHashesBy)
{
    struct Case {
        std::string_view id;
        unsigned depth;
        std::string_view want;
    };
    // Directories as Postfix 3.7 chooses them; the long id is its own too.
    static constexpr Case cases[] = {
        {"A1B2C3D4E5", 1, "A"},    {"A1B2C3D4E5", 2, "A1"},    {"A1B2C3", 8, "A1B2C3__"},
        {"4jX72S0sf8z1V", 1, "1"}, {"4jX72S0sf8z1V", 2, "1E"}, {"A1B2C3", 0, ""},
    };
    for (const Case& test : cases)
        EXPECT_EQ(hash_key(test.id, test.depth), test.want) << test.id;
}

TEST(HashKey, OfALongIdComesFromItsMicroseconds)
{
    const auto arrival = base::from_unix_microseconds(1'795'302'000'000'000 + 0xE1234);
    EXPECT_EQ(hash_key(mail::make_long_queue_id(arrival, 77), 5), "E1234");
    EXPECT_EQ(hash_key(mail::make_short_queue_id(arrival, 77), 5), "E1234");
}

TEST_F(DirectoriesTest, HaveTheModesOfPostfix)
{
    const std::pair<const char*, mode_t> want[] = {
        {"maildrop", 0730}, {"incoming", 0700}, {"active", 0700}, {"deferred", 0700},
        {"hold", 0700},     {"corrupt", 0700},  {"defer", 0700},  {"bounce", 0700},
        {"trace", 0700},    {"flush", 0700},    {"saved", 0700},  {"pid", 0755},
        {"private", 0700},  {"public", 0710}};
    for (const auto& [name, mode] : want) {
        FileStatus status;
        ASSERT_EQ(disk_.status(std::string(name), status), 0) << name;
        EXPECT_EQ(status.mode, S_IFDIR | mode) << name;
    }
    // A second time changes nothing, also not what somebody chose.
    ASSERT_EQ(disk_.set_mode("hold", 0750), 0);
    EXPECT_TRUE(queue_.create_missing({::getuid(), ::getuid(), ::getgid()}));
    FileStatus status;
    ASSERT_EQ(disk_.status("hold", status), 0);
    EXPECT_EQ(status.mode & 07777, 0750u);
}

TEST_F(DirectoriesTest, MoveAMessageThroughItsLife)
{
    const std::string id = put(sample_message());
    ASSERT_TRUE(queue_.move(id, Queue::Incoming, Queue::Active));
    EXPECT_EQ(queue_.find(id), Queue::Active);
    const auto next = base::from_unix_seconds(1'900'000'000);
    ASSERT_TRUE(queue_.defer(id, Queue::Active, next));
    EXPECT_EQ(queue_.find(id), Queue::Deferred);
    FileStatus status;
    ASSERT_EQ(disk_.status(queue_.path(Queue::Deferred, id), status), 0);
    EXPECT_EQ(status.modified, next);
    ASSERT_TRUE(queue_.move(id, Queue::Deferred, Queue::Hold));
    ASSERT_TRUE(queue_.quarantine(Queue::Hold, id));
    EXPECT_EQ(queue_.find(id), Queue::Corrupt);
    EXPECT_TRUE(open(Queue::Corrupt, id));
    ASSERT_TRUE(queue_.remove(Queue::Corrupt, id));
    EXPECT_EQ(queue_.find(id), std::nullopt);
}

TEST_F(DirectoriesTest, SayForGoodThatAMessageIsNotThere)
{
    for (auto result :
         {queue_.move("ABCDEF", Queue::Incoming, Queue::Active),
          queue_.move("ABCDEF", Queue::Incoming, Queue::Deferred),
          queue_.remove(Queue::Active, "ABCDEF"), queue_.defer("ABCDEF", Queue::Active, {})}) {
        ASSERT_FALSE(result);
        EXPECT_FALSE(result.error().temporary());
    }
    EXPECT_EQ(queue_.find("../etc/passwd"), std::nullopt);
}

TEST_F(DirectoriesTest, ListMessagesAndNothingElse)
{
    std::vector<std::string> want;
    for (int i = 0; i < 50; ++i) {
        Message message = sample_message();
        message.envelope.arrival += base::Duration{i * 20'000};
        want.push_back(put(message, Queue::Deferred));
    }
    for (const char* name : {"/deferred/x.tmp", "/deferred/A-B-C-D", "/deferred/A1"})
        std::ofstream(directory_.path() + name) << "x";
    std::filesystem::create_directory(directory_.path() + "/deferred/longname");
    std::vector<std::string> found = ids(Queue::Deferred);
    std::sort(found.begin(), found.end());
    std::sort(want.begin(), want.end());
    EXPECT_EQ(found, want);
    EXPECT_TRUE(ids(Queue::Active).empty());
}

TEST_F(DirectoriesTest, SweepOldTemporaryNamesOnly)
{
    for (const char* name : {"new.1.2.3", "new.4.5.6", "other"})
        std::ofstream(directory_.path() + "/incoming/" + name) << "x";
    ASSERT_EQ(disk_.set_modified("incoming/new.1.2.3", base::from_unix_seconds(1000)), 0);
    ASSERT_EQ(disk_.set_modified("incoming/other", base::from_unix_seconds(1000)), 0);
    const std::string id = put(sample_message());
    auto removed = queue_.sweep(Queue::Incoming, base::from_unix_seconds(2000));
    ASSERT_TRUE(removed);
    EXPECT_EQ(*removed, 1u);
    EXPECT_TRUE(std::filesystem::exists(directory_.path() + "/incoming/new.4.5.6"));
    EXPECT_TRUE(open(Queue::Incoming, id));
}

TEST_F(DirectoriesTest, WorkAfterChroot)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root";
    const pid_t child = ::fork();
    if (child == 0) {
        auto disk = SystemDisk::open(directory_.path());
        if (!disk || ::chroot(directory_.path().c_str()) != 0 || ::chdir("/") != 0)
            ::_exit(1);
        Directories queue{**disk, {}};
        auto writer = MessageWriter::begin(queue, base::from_unix_seconds(1), {});
        if (!writer || !writer->append("x\r\n"))
            ::_exit(2);
        auto made = writer->finish(sample_message());
        ::_exit(made && commit(**disk, *made) ? 0 : 3);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(ids(Queue::Incoming).size(), 1u);
}

TEST(QueueName, GoesBothWays)
{
    EXPECT_EQ(queue_name(Queue::Maildrop), "maildrop");
    EXPECT_EQ(queue_of_name("corrupt"), Queue::Corrupt);
    EXPECT_EQ(queue_of_name("saved"), std::nullopt);
}

} // namespace queue
