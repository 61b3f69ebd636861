// SPDX-License-Identifier: Apache-2.0
// Running another command.
#include "lib/service/program.h"

#include <csignal>
#include <gtest/gtest.h>

using service::FedProgram;

namespace {

FedProgram shell(std::string script)
{
    auto program = FedProgram::start("/bin/sh", {"sh", "-c", std::move(script)});
    EXPECT_TRUE(program);
    return std::move(*program);
}

} // namespace

TEST(FedProgram, IsFedAndAnswers)
{
    auto program = shell("read line; echo \"got $line\"; exit 7");
    ASSERT_TRUE(program.write("hello\n"));
    const auto ending = program.finish(100);
    EXPECT_EQ(ending.status, 7);
    EXPECT_EQ(ending.output, "got hello\n");
}

TEST(FedProgram, SeesTheEndOfItsInput)
{
    auto program = shell("cat >/dev/null; echo end");
    EXPECT_EQ(program.finish(100).output, "end\n");
}

TEST(FedProgram, TellsOfASignal)
{
    EXPECT_EQ(shell("kill -TERM $$").finish(10).status, 128 + SIGTERM);
}

TEST(FedProgram, KeepsNoMoreOutputThanAsked)
{
    EXPECT_EQ(shell("echo 123456789").finish(4).output, "1234");
}

TEST(FedProgram, FailsWhereThereIsNoProgram)
{
    auto program = FedProgram::start("/nonexistent", {"x"});
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().text, "No such file or directory");
    EXPECT_EQ(service::exec_program("/nonexistent", {"x"}).text, "No such file or directory");
}

TEST(FedProgram, WritingToOneThatIsGoneIsAnError)
{
    std::signal(SIGPIPE, SIG_IGN);
    auto program = shell("exec <&-; exit 3");
    base::Result<void> written;
    const std::string block(65536, 'x');
    for (int i = 0; i < 100 && written; ++i)
        written = program.write(block);
    EXPECT_FALSE(written);
    EXPECT_EQ(program.finish(10).status, 3);
}
