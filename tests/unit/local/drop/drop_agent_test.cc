// SPDX-License-Identifier: Apache-2.0
// drop(8) as an agent: what lies in the directory after a delivery, and after one that failed.
#include "local/drop/drop_agent.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "local/drop/drop_file.h"
#include "tests/unit/delivery/child_fixture.h"

namespace drop::test {
namespace {

using delivery::Delivery;
using mail::Status;

class DropAgentTest : public delivery::test::ChildTest {
protected:
    DropAgentTest()
    {
        settings.service = "drop";
        settings.attributes.directory = folder;
        settings.rights = rights();
    }

    mail::Outcome deliver(std::uint64_t missing = 0)
    {
        const std::string wire = "Subject: x\r\n\r\nhello\r\n";
        ipc::delivery::Deliver request;
        request.queue_id = "4Qid";
        request.next_hop = "hop\r\nX-Forged: 1";
        request.envelope.sender = "a b@x.test";
        for (const char* address : {"one@d.test", "two@d.test"})
            request.recipients.push_back({address, address, {}, 0});
        request.message.fd = delivery::test::memory_file(wire);
        request.content.size = wire.size() + missing;
        DropAgent agent{loop, settings};
        Delivery delivery(std::move(request), loop.clock());
        std::optional<bool> done;
        base::Scope scope;
        scope.spawn(finish(agent, delivery, done));
        turn_until(done);
        const auto outcomes = delivery.finish().outcomes;
        EXPECT_EQ(outcomes.size(), 2u);
        EXPECT_EQ(outcomes[0].text, outcomes[1].text);
        return outcomes[1];
    }
    static base::Task<void> finish(DropAgent& agent, Delivery& delivery, std::optional<bool>& done)
    {
        co_await agent.deliver(delivery);
        done = true;
    }
    std::size_t files() const
    {
        const std::filesystem::directory_iterator all(folder);
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    Settings settings;
};

TEST_F(DropAgentTest, LeavesOneFileWithTheEnvelopeInItsHead)
{
    const auto outcome = deliver();
    EXPECT_EQ(outcome.status, Status::Sent);
    EXPECT_EQ(outcome.text, "delivered to drop directory");
    EXPECT_EQ(outcome.relay, "drop");
    EXPECT_EQ(files(), 1u);
    EXPECT_EQ(contents(path("4Qid.eml")),
              "X-Envelope-From: <\"a b\"@x.test>\nX-Envelope-To: <one@d.test>\n"
              "X-Envelope-To: <two@d.test>\nX-Queue-ID: 4Qid\nX-Next-Hop: hop??X-Forged: 1\n"
              "Subject: x\n\nhello\n");
    struct stat status {};
    ASSERT_EQ(::stat(path("4Qid.eml").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
    EXPECT_EQ(status.st_uid, rights().uid);
    EXPECT_EQ(status.st_nlink, 1u);
}

TEST_F(DropAgentTest, DoesAsConfigured)
{
    settings.attributes.mode = 0664;
    settings.attributes.envelope = false;
    settings.attributes.crlf = true;
    deliver();
    EXPECT_EQ(contents(path("4Qid.eml")), "Subject: x\r\n\r\nhello\r\n");
    struct stat status {};
    ASSERT_EQ(::stat(path("4Qid.eml").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0664u);
}

TEST_F(DropAgentTest, NeverReplacesAFile)
{
    std::filesystem::create_symlink(path("elsewhere"), path("4Qid.eml"));
    deliver();
    deliver();
    EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
    EXPECT_TRUE(std::filesystem::exists(path("4Qid-2.eml")));
    EXPECT_TRUE(std::filesystem::exists(path("4Qid-3.eml")));
    EXPECT_EQ(files(), 3u);
}

TEST_F(DropAgentTest, TakesAwayWhatKilledDeliveriesLeft)
{
    for (const char* name : {".0DB74B44130.17", ".1DB74B44130.17", ".0DB74B44130.x", ".profile",
                             "0DB74B44130.17", ".0DB74B44130"}) {
        const base::Fd file{::open(path(name).c_str(), O_WRONLY | O_CREAT, 0600)};
        const timespec old[2] = {{1, 0}, {1, 0}};
        ASSERT_EQ(::fchown(file.number(), rights().uid, rights().gid), 0);
        if (std::string_view(name) != ".1DB74B44130.17") {
            ASSERT_EQ(::futimens(file.number(), old), 0);
        }
    }
    EXPECT_EQ(deliver().status, Status::Sent);
    EXPECT_FALSE(std::filesystem::exists(path(".0DB74B44130.17")));
    EXPECT_EQ(files(), 6u);
}

TEST_F(DropAgentTest, MakesTheDirectoryOnlyWhenToldTo)
{
    settings.attributes.directory = path("deep/bad");
    EXPECT_EQ(deliver().status, Status::Deferred);
    settings.make_directory = true;
    EXPECT_EQ(deliver().status, Status::Sent);
    EXPECT_TRUE(std::filesystem::exists(path("deep/bad/4Qid.eml")));
}

TEST_F(DropAgentTest, LeavesNothingAfterAFailure)
{
    const auto outcome = deliver(5);
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_EQ(outcome.text, "drop failed: the queue file is shorter than it says");
    EXPECT_EQ(files(), 0u);
    settings.attributes.directory = path("missing");
    const auto missing = deliver();
    EXPECT_EQ(missing.dsn, "4.2.0");
    EXPECT_TRUE(missing.text.ends_with(": No such file or directory")) << missing.text;
}

} // namespace
} // namespace drop::test
