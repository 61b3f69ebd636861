// SPDX-License-Identifier: Apache-2.0
// Letters to the postmaster, handed to a cleanup that keeps them.
#include "lib/delivery/postmaster.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "lib/base/log.h"
#include "lib/config/notify_class.h"
#include "lib/event/loop.h"
#include "lib/event/watch.h"
#include "lib/ipc/messages/cleanup.h"
#include "lib/ipc/server.h"
#include "lib/net/socket.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

namespace cleanup = ipc::cleanup;
using base::Result;

struct FakeCleanup {
    Task<Result<cleanup::Opened>> on(cleanup::Open open)
    {
        opened = std::move(open);
        co_return cleanup::Opened{"Q1"};
    }
    Task<Result<void>> on(cleanup::Recipient given)
    {
        recipient = given.recipient.address;
        co_return Result<void>{};
    }
    Task<Result<void>> on(cleanup::Action) { co_return Result<void>{}; }
    Task<Result<void>> on(cleanup::Content content)
    {
        text += content.bytes.view;
        co_return Result<void>{};
    }
    Task<Result<cleanup::Finished>> on(cleanup::Finish) { co_return answer; }
    Task<Result<void>> on(cleanup::Abandon) { co_return Result<void>{}; }

    cleanup::Open opened;
    std::string recipient;
    std::string text;
    cleanup::Finished answer{cleanup::Verdict::Ok, 250, "2.0.0", {}};
};

class PostmasterTest : public ::testing::Test {
protected:
    PostmasterTest() : before_(std::filesystem::current_path())
    {
        std::filesystem::current_path(std::filesystem::temp_directory_path());
        folder_ = "postmaster_test." + std::to_string(::getpid());
        std::filesystem::create_directories(folder_ + "/public");
        std::filesystem::current_path(folder_);
        listener_ = std::move(net::listen_unix("public/cleanup", 10, 0700)).value();
        common_.myhostname.set("mail.example.test");
        common_.mail_name.set("Posthouse");
        common_.myorigin.set("example.test");
        notices_.double_bounce_sender.set("double-bounce");
        notices_.error_recipient.set("pm@example.test");
        notices_.bounce_recipient.set("bounced@example.test");
        notices_.notify_classes.set({"policy"});
    }
    ~PostmasterTest() override
    {
        std::filesystem::current_path(std::filesystem::temp_directory_path());
        std::filesystem::remove_all(folder_);
        std::filesystem::current_path(before_);
    }

    Task<void> serve()
    {
        events::Watch watch(loop_, listener_.number());
        co_await watch.readable(base::Deadline::never());
        auto client = net::accept_one(listener_.number());
        ipc::Channel channel(loop_, std::move((*client)->fd));
        co_await ipc::serve<cleanup::Protocol>(channel, cleanup_, {});
    }
    Task<void> tell(Postmaster& postmaster)
    {
        BadSession bad{"SMTP client", "mx[1]\x01", classes_};
        co_await postmaster.tell(std::move(bad), "What was said.\r\n");
        done_ = true;
    }
    void run()
    {
        Postmaster postmaster(loop_, common_, notices_);
        base::Scope scope;
        scope.spawn(serve());
        scope.spawn(tell(postmaster));
        for (int i = 0; i < 500 && !done_; ++i)
            loop_.turn(std::chrono::milliseconds(10));
        EXPECT_TRUE(done_);
    }

    std::filesystem::path before_;
    std::string folder_;
    events::Loop loop_;
    config::CommonParams common_;
    config::NoticeParams notices_;
    base::Fd listener_;
    FakeCleanup cleanup_;
    LogLines log_;
    unsigned classes_ = config::notify_class::policy;
    bool done_ = false;
};

TEST_F(PostmasterTest, WritesFromASenderWhoIsToldNothing)
{
    run();
    EXPECT_EQ(cleanup_.opened.envelope.sender, "double-bounce@mail.example.test");
    EXPECT_EQ(cleanup_.recipient, "pm@example.test");
    EXPECT_TRUE(
        cleanup_.text.starts_with("Received: by mail.example.test (Posthouse)\r\n\tid Q1; "));
    EXPECT_NE(cleanup_.text.find("\r\nTo: Postmaster <pm@example.test>\r\nSubject: Posthouse SMTP "
                                 "client: errors from mx[1]?\r\nAuto-Submitted: "
                                 "auto-generated\r\n\r\nWhat was said.\r\n"),
              std::string::npos);
    EXPECT_TRUE(log_.lines.empty());
}

TEST_F(PostmasterTest, WritesOfRefusedMailToWhoeverGetsNotices)
{
    classes_ |= config::notify_class::bounce;
    run();
    EXPECT_EQ(cleanup_.recipient, "bounced@example.test");
    EXPECT_NE(cleanup_.text.find("\r\nTo: Postmaster <pm@example.test>\r\n"), std::string::npos);
}

TEST_F(PostmasterTest, LogsWhatCannotBeWritten)
{
    cleanup_.answer = {cleanup::Verdict::Temporary, 452, "4.3.1", "no room"};
    run();
    ASSERT_EQ(log_.lines.size(), 1u);
    EXPECT_EQ(log_.lines[0], "warning: cannot write to the postmaster: cleanup: no room");
}

TEST_F(PostmasterTest, KnowsWhatIsWanted)
{
    const Postmaster postmaster(loop_, common_, notices_);
    EXPECT_TRUE(postmaster.wants(config::notify_class::policy | config::notify_class::data));
    EXPECT_FALSE(postmaster.wants(config::notify_class::protocol));
    EXPECT_TRUE(postmaster.is_notice(""));
    EXPECT_TRUE(postmaster.is_notice("Double-Bounce@Mail.example.test"));
    EXPECT_FALSE(postmaster.is_notice("double-bounce@elsewhere.test"));
    EXPECT_FALSE(postmaster.is_notice("a@example.test"));
}

} // namespace
} // namespace delivery::test
