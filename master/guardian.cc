// SPDX-License-Identifier: Apache-2.0
// Waiting for master's end; see guardian.h. What runs in the guardian process is plain blocking
// code: it has no loop and needs none.
#include "master/guardian.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace master {

namespace {

constexpr auto young = std::chrono::seconds(10);
constexpr unsigned deaths_without_wait = 5;
constexpr auto longest_wait = std::chrono::seconds(60);
constexpr char goodbye = 'g';

// Closes all that is above standard error and not in `keep`.
void close_others(std::vector<int> keep)
{
    std::sort(keep.begin(), keep.end());
    unsigned next = STDERR_FILENO + 1;
    for (int fd : keep) {
        auto number = static_cast<unsigned>(fd);
        if (number > next)
            ::close_range(next, number - 1, 0);
        next = std::max(next, number + 1);
    }
    ::close_range(next, ~0u, 0);
}

bool said_goodbye(int pipe)
{
    char byte = 0;
    ssize_t got;
    do {
        got = ::read(pipe, &byte, 1);
    } while (got < 0 && errno == EINTR);
    return got == 1 && byte == goodbye;
}

[[noreturn]] void become_master(const Guardian::Plan& plan, unsigned deaths)
{
    ::setenv(Guardian::sockets_variable, plan.sockets.c_str(), 1);
    ::setenv(Guardian::deaths_variable, std::to_string(deaths).c_str(), 1);
    for (int fd : plan.descriptors)
        if (!base::set_close_on_exec(fd, false))
            ::_exit(EXIT_FAILURE);
    std::vector<char*> arguments;
    arguments.reserve(plan.arguments.size() + 1);
    for (const auto& word : plan.arguments)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(plan.program.c_str(), arguments.data());
    base::fatal(base::system_error(base::cat("master was killed, and ", plan.program), errno).text);
}

[[noreturn]] void guard(const Guardian::Plan& plan, int pipe, unsigned deaths)
{
    for (int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGALRM})
        std::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_NAME, "guardian", 0, 0, 0);
    std::vector<int> keep = plan.descriptors;
    keep.push_back(pipe);
    close_others(std::move(keep));
    base::SystemClock clock;
    auto born = clock.mono();
    if (said_goodbye(pipe))
        ::_exit(EXIT_SUCCESS);
    deaths = clock.mono() - born < young ? deaths + 1 : 1;
    std::this_thread::sleep_for(guardian_wait(deaths));
    become_master(plan, deaths);
}

} // namespace

base::Duration guardian_wait(unsigned deaths)
{
    if (deaths <= deaths_without_wait)
        return base::Duration::zero();
    unsigned doublings = std::min(deaths - deaths_without_wait - 1, 10u);
    return std::min<base::Duration>(std::chrono::seconds(1L << doublings), longest_wait);
}

base::Result<void> Guardian::post(const Plan& plan, unsigned deaths)
{
    dismiss();
    auto pipe = base::pipe_pair();
    if (!pipe)
        return pipe.error();
    // The guardian blocks on its end; ours stays as it is.
    if (auto set = base::set_nonblocking(pipe->first.number(), false); !set)
        return set;
    pid_t pid = ::fork();
    if (pid < 0)
        return base::system_error("fork", errno);
    if (pid == 0)
        guard(plan, pipe->first.number(), deaths);
    pid_ = pid;
    pipe_ = std::move(pipe->second);
    return {};
}

void Guardian::dismiss()
{
    if (pipe_ && ::write(pipe_.number(), &goodbye, 1) != 1)
        ::kill(pid_, SIGKILL);
    pipe_.reset();
    pid_ = 0;
}

bool Guardian::lost(pid_t pid)
{
    if (pid_ == 0 || pid != pid_)
        return false;
    pipe_.reset();
    pid_ = 0;
    return true;
}

} // namespace master
