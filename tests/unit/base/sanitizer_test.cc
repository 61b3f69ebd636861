// SPDX-License-Identifier: Apache-2.0
// In a build with sanitizers: a fault is reported where `make asan` looks for it, from a jail too.
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace {

volatile int limit = INT_MAX;

void use_after_free()
{
    auto* gone = new volatile int(1);
    delete gone;
    *gone = 2;
}

void overflow()
{
    int sum = limit;
    sum += 1;
    limit = sum;
}

void leak()
{
    auto* volatile lost = new char[1000];
    *lost = 1;
    lost = nullptr;
    std::exit(0);
}

// Runs it in a process of its own, whose standard error nobody reads; the status and the report.
struct Ended {
    int status = 0;
    std::string report;
};
Ended run(void (*fault)(), const std::string& jail = {})
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(STDERR_FILENO);
        if (!jail.empty() && (::chdir(jail.c_str()) != 0 || ::chroot(jail.c_str()) != 0 ||
                              ::setgid(65534) != 0 || ::setuid(65534) != 0))
            ::_exit(1);
        fault();
        ::_exit(0);
    }
    Ended ended;
    ::waitpid(child, &ended.status, 0);
    const std::string folder = jail.empty() ? SANITIZER_REPORTS : jail + "/sanitizer";
    const std::string path = base::cat(folder, "/report.", child);
    if (auto text = base::read_file(path, 1 << 20))
        ended.report = *text;
    std::filesystem::remove(path);
    return ended;
}

} // namespace

TEST(Sanitizer, ReportsToTheFolderOfTheBuild)
{
    std::filesystem::create_directories(SANITIZER_REPORTS);
    Ended memory = run(use_after_free);
    EXPECT_EQ(WEXITSTATUS(memory.status), 99);
    EXPECT_NE(memory.report.find("heap-use-after-free"), std::string::npos) << memory.report;
    Ended number = run(overflow);
    EXPECT_NE(number.status, 0);
    EXPECT_NE(number.report.find("runtime error: signed integer overflow"), std::string::npos)
        << number.report;
}

TEST(Sanitizer, ReportsLeaks)
{
    Ended ended = run(leak);
    EXPECT_EQ(WEXITSTATUS(ended.status), 99);
    EXPECT_NE(ended.report.find("1000 byte(s) leaked"), std::string::npos) << ended.report;
}

TEST(Sanitizer, ReportsFromAJail)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root";
    char jail[] = "/tmp/sanitizer-test-XXXXXX";
    ASSERT_NE(::mkdtemp(jail), nullptr);
    const std::string folder = base::cat(jail, "/sanitizer");
    std::filesystem::create_directory(folder);
    ::chmod(jail, 0755);
    ::chmod(folder.c_str(), 01777);
    Ended ended = run(use_after_free, jail);
    std::filesystem::remove_all(jail);
    EXPECT_EQ(WEXITSTATUS(ended.status), 99);
    EXPECT_NE(ended.report.find("heap-use-after-free"), std::string::npos) << ended.report;
}
