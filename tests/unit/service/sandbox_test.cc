// SPDX-License-Identifier: Apache-2.0
// Each bound, tried from inside a process of its own.
#include "lib/service/sandbox.h"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace service {
namespace {

// 0 when `attempt` succeeded inside the sandbox, else the error number it left.
int try_inside(const Reach& reach, const std::function<bool()>& attempt)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        enter_sandbox(reach);
        errno = 0;
        ::_exit(attempt() ? 0 : errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

class Sandbox : public ::testing::Test {
protected:
    void SetUp() override
    {
#if defined(__SANITIZE_ADDRESS__)
        GTEST_SKIP() << "no sandbox under the sanitizers";
#endif
        if (!sandbox_means().seccomp)
            GTEST_SKIP() << "this kernel has no seccomp";
    }
};

TEST_F(Sandbox, StartsNoProgramsAndTouchesNoProcesses)
{
    const pid_t parent = ::getpid();
    EXPECT_EQ(try_inside({}, [] { return ::execl("/bin/true", "true", nullptr) == 0; }), EPERM);
    EXPECT_EQ(try_inside({}, [] { return ::fork() >= 0; }), EPERM);
    EXPECT_EQ(try_inside({}, [&] { return ::kill(parent, 0) == 0; }), EPERM);
    EXPECT_EQ(try_inside({}, [&] { return ::ptrace(PTRACE_ATTACH, parent, 0, 0) == 0; }), EPERM);
    EXPECT_EQ(try_inside({}, [] { return ::chroot("/") == 0; }), EPERM);
}

TEST_F(Sandbox, LetsThreadsAndAbortWork)
{
    EXPECT_EQ(try_inside({},
                         [] {
                             bool ran = false;
                             std::thread([&] { ran = true; }).join();
                             return ran;
                         }),
              0);
    EXPECT_EQ(try_inside({},
                         [] {
                             std::abort();
                             return true;
                         }),
              1000 + SIGABRT);
}

TEST_F(Sandbox, MakesNetworkSocketsOnlyWhereTheDutyWantsThem)
{
    auto inet = [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; };
    auto local = [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; };
    EXPECT_EQ(try_inside({.network = true}, inet), 0);
    EXPECT_EQ(try_inside({.network = false}, inet), EPERM);
    EXPECT_EQ(try_inside({.network = false}, local), 0);
}

TEST_F(Sandbox, OpensFilesOnlyWhereTheDutyWantsThem)
{
    auto read = [] { return ::open("/etc/passwd", O_RDONLY) >= 0; };
    EXPECT_EQ(try_inside({.files = true}, read), 0);
    if (sandbox_means().landlock == 0)
        GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(try_inside({.files = false}, read), EACCES);
    EXPECT_EQ(try_inside({.files = false},
                         [] { return ::open("/tmp/sandbox-test", O_CREAT | O_WRONLY, 0600) >= 0; }),
              EACCES);
    EXPECT_EQ(try_inside({.files = false}, [] { return ::mkdir("/tmp/sandbox-test", 0700) == 0; }),
              EACCES);
    EXPECT_EQ(try_inside({.files = false}, [] { return ::open("/tmp", O_DIRECTORY) >= 0; }),
              EACCES);
}

} // namespace
} // namespace service
