// SPDX-License-Identifier: Apache-2.0
// Whatever disk call fails, and whenever: the message is refused for the time being and leaves
// nothing, or it is safe on disk.
#include "tests/unit/cleanup/cleanup_fixture.h"

namespace cleanup {
namespace {

class DiskFaultTest : public CleanupTest {
protected:
    // Fails call after call; returns how many messages were refused.
    int fail_each_call(std::string_view message)
    {
        int refused = 0;
        for (int call = 0;; ++call) {
            const int before = disk_.calls();
            disk_.fail_at = before + call;
            const std::string reply = send(message);
            const bool failed = disk_.fail_at < disk_.calls();
            disk_.fail_at = -1;
            check(reply, before);
            refused += reply != "ok";
            EXPECT_TRUE(wait(session().on(ipc::cleanup::Abandon{})));
            if (!failed)
                return refused;
        }
    }

private:
    void check(const std::string& reply, int before)
    {
        const std::vector<std::string> calls(disk_.names().begin() + before, disk_.names().end());
        if (reply == "ok") {
            EXPECT_EQ(std::count(calls.begin(), calls.end(), "sync"), 1);
            EXPECT_EQ(std::count(calls.begin(), calls.end(), "sync_directory"), 1);
            EXPECT_EQ(ids(queue::Queue::Incoming), std::vector<std::string>{id_});
            EXPECT_TRUE(queue_.remove(queue::Queue::Incoming, id_));
        } else {
            EXPECT_EQ(reply, "451 4.3.0 Error: queue file write error") << calls.back();
            EXPECT_TRUE(nothing_left()) << calls.back();
        }
    }
};

TEST_F(DiskFaultTest, NeverSaysOkWithoutBothSyncs)
{
    const int refused = fail_each_call("Subject: x\r\n\r\nbody\r\n");
    // create, status, write, link, sync, close, sync_directory; free_bytes is only a hint.
    EXPECT_EQ(refused, 7);
}

TEST_F(DiskFaultTest, NeverSaysOkWithoutBothSyncsForALargeMessage)
{
    EXPECT_GE(fail_each_call("A: b\r\n\r\n" + std::string(200'000, 'x')), 8);
}

TEST_F(DiskFaultTest, SurvivesFileSystemsWithoutUnnamedFiles)
{
    disk_.no_unnamed = true;
    EXPECT_GE(fail_each_call("Subject: x\r\n\r\nbody\r\n"), 7);
}

} // namespace
} // namespace cleanup
