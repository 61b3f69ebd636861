// SPDX-License-Identifier: Apache-2.0
// The guardian: quiet after a goodbye, otherwise a new master with the sockets.
#include "master/guardian.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/unit/temporary_directory.h"

using namespace std::chrono_literals;
using master::Guardian;

namespace {

class Guarding : public testing::Test {
protected:
    Guarding()
    {
        plan.program = "/bin/sh";
        plan.arguments = {"sh", "-c",
                          "echo $POSTHOUSE_DEATHS $POSTHOUSE_SOCKETS > " + proof + ".new; mv " +
                              proof + ".new " + proof};
        plan.sockets = "7 unix:x";
    }
    bool proved(base::Duration wait)
    {
        for (auto end = std::chrono::steady_clock::now() + wait;
             std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(5ms))
            if (std::filesystem::exists(proof))
                return true;
        return false;
    }

    Guardian::Plan plan;
    tests::TemporaryDirectory folder;
    std::string proof = folder.file("proof");
};

TEST_F(Guarding, GoesQuietlyWhenDismissed)
{
    Guardian guardian;
    ASSERT_TRUE(guardian.post(plan, 0));
    pid_t pid = guardian.pid();
    guardian.dismiss();
    int status = -1;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_FALSE(proved(20ms));
    EXPECT_FALSE(guardian.lost(pid));
}

TEST_F(Guarding, BecomesANewMasterWhenOursIsKilled)
{
    pid_t child = ::fork(); // Plays master.
    if (child == 0) {
        Guardian guardian;
        if (!guardian.post(plan, 0))
            ::_exit(1);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_TRUE(proved(2s));
    std::string text;
    std::getline(std::ifstream(proof), text);
    EXPECT_EQ(text, "1 7 unix:x");
}

TEST_F(Guarding, ANewOneTakesThePlaceOfTheOld)
{
    Guardian guardian;
    ASSERT_TRUE(guardian.post(plan, 0));
    pid_t first = guardian.pid();
    ASSERT_TRUE(guardian.post(plan, 0));
    EXPECT_EQ(::waitpid(first, nullptr, 0), first);
    pid_t second = guardian.pid();
    ::kill(second, SIGKILL);
    EXPECT_EQ(::waitpid(second, nullptr, 0), second);
    EXPECT_TRUE(guardian.lost(second));
    EXPECT_FALSE(proved(20ms));
}

TEST(GuardianWait, GrowsOnlyAfterSeveralYoungDeaths)
{
    EXPECT_EQ(master::guardian_wait(1), 0s);
    EXPECT_EQ(master::guardian_wait(5), 0s);
    EXPECT_EQ(master::guardian_wait(6), 1s);
    EXPECT_EQ(master::guardian_wait(8), 4s);
    EXPECT_EQ(master::guardian_wait(1000), 60s);
}

} // namespace
