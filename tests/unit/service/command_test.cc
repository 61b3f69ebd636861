// SPDX-License-Identifier: Apache-2.0
#include "lib/service/command.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/temporary_directory.h"

namespace service {
namespace {

class CommandTest : public ::testing::Test {
protected:
    void write(std::string_view text) { folder_.write("main.cf", text); }

    tests::TemporaryDirectory folder_;
    std::string directory_ = folder_.path();
};

TEST_F(CommandTest, ReadsTheDirectoryItIsTold)
{
    write("queue_directory = /somewhere\nmaillog_file = /dev/stdout\n");
    Command command{"test"};
    ASSERT_TRUE(command.configure(directory_, {}));
    EXPECT_EQ(command.common().queue_directory(), "/somewhere");
}

TEST_F(CommandTest, ReadsTheDirectoryOfTheEnvironment)
{
    write("queue_directory = /elsewhere\nmaillog_file = /dev/stdout\n");
    ::setenv("MAIL_CONFIG", directory_.c_str(), 1);
    Command command{"test"};
    ASSERT_TRUE(command.configure("", {}));
    EXPECT_EQ(command.common().queue_directory(), "/elsewhere");
    ::unsetenv("MAIL_CONFIG");
}

TEST_F(CommandTest, RefusesAConfigurationWithFaults)
{
    write("max_use = many\n");
    Command command{"test"};
    auto configured = command.configure(directory_, {});
    ASSERT_FALSE(configured);
    EXPECT_NE(configured.error().text.find("max_use"), std::string::npos);
    EXPECT_FALSE(Command{"test"}.configure(directory_ + "/absent", {}));
}

TEST_F(CommandTest, TellsWhyItFails)
{
    base::MemoryLogSink memory;
    Command command{"test"};
    base::LogSink* before = base::set_log_sink(&memory);
    EXPECT_EQ(command.fail(ExitStatus::NoPermission, "why"), 77);
    base::set_log_sink(before);
    EXPECT_EQ(memory.lines, std::vector<std::string>{"fatal: why"});
}

TEST_F(CommandTest, WritesOnStandardErrorAndInTheLogFile)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root writes to the file itself";
    config::Faults faults;
    auto main = config::MainCf::parse(base::cat("maillog_file = ", folder_.file("log"), "\n",
                                                "maillog_file_prefixes = ", directory_, "\n"),
                                      "main.cf", faults);
    config::CommonParams common;
    common.declare(main);
    common.load(main, faults);
    testing::internal::CaptureStderr();
    {
        Command command{"test"};
        command.log_as(main, common, "postfix/test");
        base::Log{}.warning("text");
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "postfix/test: warning: text\n");
    const auto line = base::read_file(folder_.file("log"), 1000);
    ASSERT_TRUE(line);
    EXPECT_NE(line->find(base::cat(" postfix/test[", ::getpid(), "]: warning: text")),
              std::string::npos)
        << *line;
}

TEST_F(CommandTest, HasNoBorrowedGroupAfterGivingItBack)
{
    give_back_group();
    EXPECT_FALSE(has_borrowed_group());
}

} // namespace
} // namespace service
