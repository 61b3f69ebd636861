// SPDX-License-Identifier: Apache-2.0
// virtual(8) as an agent: what a request leaves in mailboxes and in the log.
#include "local/virtual/virtual_agent.h"

#include <sys/stat.h>

#include "lib/table/tables.h"
#include "tests/unit/delivery/child_fixture.h"

namespace virtual_mail::test {
namespace {

using delivery::Delivery;
using mail::Status;

class VirtualAgentTest : public delivery::test::ChildTest {
protected:
    VirtualAgentTest() : message(delivery::test::memory_file("Subject: x\r\n\r\nFrom me\r\n"))
    {
        settings.map.base = folder;
        settings.map.mailboxes = {"inline:{ {box@v.test=box} {dir@v.test=dir/} }"};
        settings.map.uids = {base::cat("static:", rights().uid)};
        settings.map.gids = {base::cat("static:", rights().gid)};
        settings.map.minimum_uid = 1;
        settings.map.rules.delimiters = "+";
        settings.locks.styles.fcntl = true;
        settings.mailbox_limit = 1000;
    }

    std::vector<mail::Outcome> deliver(const std::vector<std::string>& recipients,
                                       bool trace = false)
    {
        ipc::delivery::Deliver request;
        request.queue_id = "Q";
        request.envelope.sender = "from@example.org";
        for (const auto& address : recipients)
            request.recipients.push_back({address, "was@example.org", {}, 0});
        request.message.fd = std::move(*message.duplicate());
        request.content.size = 23;
        request.trace = trace;
        table::Tables tables{{}};
        MailboxMap map{tables, settings.map};
        VirtualAgent agent{loop, map, settings, [] {}};
        Delivery delivery(std::move(request), loop.clock());
        std::optional<bool> done;
        base::Scope scope;
        scope.spawn(finish(agent, delivery, done));
        turn_until(done);
        return delivery.finish().outcomes;
    }
    static base::Task<void> finish(VirtualAgent& agent, Delivery& delivery,
                                   std::optional<bool>& done)
    {
        co_await agent.deliver(delivery);
        done = true;
    }

    base::Fd message;
    Settings settings;
};

TEST_F(VirtualAgentTest, WritesMailboxFilesAndMaildirs)
{
    const auto outcomes = deliver({"box+ext@v.test", "dir@v.test", "none@v.test"});
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_EQ(outcomes[0].text, "delivered to mailbox");
    EXPECT_EQ(outcomes[1].text, "delivered to maildir");
    EXPECT_EQ(outcomes[2].text, "unknown user: \"none@v.test\"");
    EXPECT_EQ(outcomes[2].status, Status::Bounced);
    EXPECT_TRUE(log.has("Q: to=<box+ext@v.test>, orig_to=<was@example.org>, relay=virtual, "));
    const std::string box = contents(path("box"));
    EXPECT_TRUE(box.starts_with("From from@example.org  ")) << box;
    EXPECT_NE(box.find("\nReturn-Path: <from@example.org>\nX-Original-To: was@example.org\n"
                       "Delivered-To: box+ext@v.test\nSubject: x\n\n>From me\n\n"),
              std::string::npos)
        << box;
    std::string stored;
    for (const auto& entry : std::filesystem::directory_iterator(path("dir/new")))
        stored = contents(entry.path());
    EXPECT_EQ(stored, "Return-Path: <from@example.org>\nX-Original-To: was@example.org\n"
                      "Delivered-To: dir@v.test\nSubject: x\n\nFrom me\n");
}

TEST_F(VirtualAgentTest, WritesAsTheOwnerOfTheMailbox)
{
    deliver({"box@v.test"});
    struct stat status {};
    ASSERT_EQ(::stat(path("box").c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, rights().uid);
    EXPECT_EQ(status.st_gid, rights().gid);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(VirtualAgentTest, HoldsToTheLimitOfAMailboxFileAndOfAMaildirMessage)
{
    put("box", std::string(950, 'x'));
    auto outcomes = deliver({"box@v.test"});
    EXPECT_EQ(outcomes[0].dsn, "5.2.2");
    EXPECT_EQ(outcomes[0].text, "delivery failed to mailbox " + path("box") +
                                    ": error writing message: File too large");
    EXPECT_EQ(std::filesystem::file_size(path("box")), 950u);
    settings.mailbox_limit = 50;
    outcomes = deliver({"dir@v.test"});
    EXPECT_EQ(outcomes[0].dsn, "5.2.2");
    EXPECT_TRUE(std::filesystem::is_empty(path("dir/tmp")));
}

TEST_F(VirtualAgentTest, OnlyTellsWhereMailWouldGoWhenAsked)
{
    const auto outcomes = deliver({"box@v.test", "dir@v.test"}, true);
    EXPECT_EQ(outcomes[0].text, "delivers to mailbox");
    EXPECT_EQ(outcomes[1].text, "delivers to maildir");
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(VirtualAgentTest, NeverDeliversAsRoot)
{
    settings.map.uids = {"static:0"};
    settings.map.minimum_uid = 0;
    const auto outcomes = deliver({"box@v.test"});
    EXPECT_EQ(outcomes[0].status, Status::Deferred);
    EXPECT_FALSE(std::filesystem::exists(path("box")));
}

} // namespace
} // namespace virtual_mail::test
