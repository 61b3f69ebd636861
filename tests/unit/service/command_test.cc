// SPDX-License-Identifier: Apache-2.0
#include "lib/service/command.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace service {
namespace {

class CommandTest : public ::testing::Test {
protected:
    CommandTest() { directory_ = ::mkdtemp(name_); }
    ~CommandTest() override { std::filesystem::remove_all(directory_); }
    void write(std::string_view text) { std::ofstream(directory_ + "/main.cf") << text; }

    char name_[32] = "/tmp/command_test.XXXXXX";
    std::string directory_;
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

TEST_F(CommandTest, HasNoBorrowedGroupAfterGivingItBack)
{
    give_back_group();
    EXPECT_FALSE(has_borrowed_group());
}

} // namespace
} // namespace service
