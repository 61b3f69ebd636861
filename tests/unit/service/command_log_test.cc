// SPDX-License-Identifier: Apache-2.0
// The log of commands.
#include "lib/service/command_log.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

TEST(CommandLog, WritesOnStandardErrorAndInTheLogFile)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root writes to the file itself";
    char name[] = "/tmp/command_log_test.XXXXXX";
    std::string directory = ::mkdtemp(name);
    config::Faults faults;
    auto main = config::MainCf::parse(base::cat("maillog_file = ", directory, "/log\n",
                                                "maillog_file_prefixes = ", directory, "\n"),
                                      "main.cf", faults);
    config::CommonParams common;
    common.declare(main);
    common.load(main, faults);
    testing::internal::CaptureStderr();
    {
        service::CommandLog log(main, common, "postfix/test");
        base::Log{}.warning("text");
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "postfix/test: warning: text\n");
    std::string line;
    std::getline(std::ifstream(directory + "/log"), line);
    EXPECT_NE(line.find(base::cat(" postfix/test[", ::getpid(), "]: warning: text")),
              std::string::npos)
        << line;
    std::filesystem::remove_all(directory);
}

} // namespace
