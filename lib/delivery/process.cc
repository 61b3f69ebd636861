// SPDX-License-Identifier: Apache-2.0
// Child processes; see process.h.
#include "lib/delivery/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/strings.h"

namespace delivery {

using base::Result;

namespace {

// All signals are blocked while a child comes up: the loop's handlers write to a socket that child
// and parent share.
class SignalsBlocked {
public:
    SignalsBlocked()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

void reset_signals()
{
    for (int number = 1; number < NSIG; ++number)
        if (number != SIGKILL && number != SIGSTOP)
            ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Whether the child has ended, which is then forgotten by the system.
bool reap_child(pid_t pid, int& status)
{
    pid_t reaped = 0;
    do
        reaped = ::waitpid(pid, &status, WNOHANG);
    while (reaped < 0 && errno == EINTR);
    return reaped != 0;
}

// Children whose owners went away before them. Like the children themselves they belong to the
// whole process.
std::vector<pid_t> left_children;

void reap_left_children()
{
    int status = 0;
    std::erase_if(left_children, [&](pid_t pid) { return reap_child(pid, status); });
}

} // namespace

Process::Process(events::Loop& loop, int signal_when_left)
    : signal_when_left_(signal_when_left), change_(loop),
      child_signal_(loop, SIGCHLD, &Process::on_child, this)
{
    reap_left_children();
}

Process::~Process()
{
    if (!running())
        return;
    kill_group(signal_when_left_);
    if (!reap())
        left_children.push_back(pid_);
}

void Process::on_child(void* self)
{
    reap_left_children();
    auto* process = static_cast<Process*>(self);
    if (process->running() && process->reap())
        process->change_.notify();
}

bool Process::reap()
{
    if (!reap_child(pid_, status_))
        return false;
    pid_ = -1;
    return true;
}

Result<void> Process::start(const std::function<int()>& body)
{
    SignalsBlocked blocked;
    const pid_t pid = ::fork();
    if (pid < 0)
        return base::system_error("fork", errno);
    if (pid == 0) {
        reset_signals();
        ::setsid();
        ::_exit(body());
    }
    pid_ = pid;
    return {};
}

base::Task<bool> Process::ended(base::Deadline deadline)
{
    while (running() && !reap()) {
        const bool in_time = co_await change_.wait(deadline);
        if (!in_time)
            co_return !running();
    }
    co_return true;
}

void Process::kill_group(int signal)
{
    if (!running())
        return;
    // Until the child has made its group, it is alone.
    if (::kill(-pid_, signal) != 0 && errno == ESRCH)
        ::kill(pid_, signal);
}

static Result<void> close_range_of(int first, int last)
{
    if (first > last)
        return {};
    if (::syscall(SYS_close_range, static_cast<unsigned>(first), static_cast<unsigned>(last), 0) ==
        0)
        return {};
    const long limit = ::sysconf(_SC_OPEN_MAX);
    if (errno != ENOSYS || limit < 0)
        return base::system_error("close_range", errno);
    for (int fd = first; fd <= last && fd < limit; ++fd)
        ::close(fd);
    return {};
}

Result<void> close_descriptors(std::vector<int> keep)
{
    std::sort(keep.begin(), keep.end());
    int first = STDERR_FILENO + 1;
    for (const int fd : keep) {
        if (fd < first)
            continue;
        if (auto closed = close_range_of(first, fd - 1); !closed)
            return closed;
        first = fd + 1;
    }
    return close_range_of(first, ~0U >> 1);
}

Result<void> enter_child(const ChildSetup& setup)
{
    ::umask(077);
    if (auto closed = close_descriptors(setup.keep); !closed)
        return closed;
    if (auto changed = change_root(setup.root); !changed)
        return changed;
    return take_rights(setup.rights);
}

std::string describe_end(int status)
{
    if (WIFSIGNALED(status))
        return base::cat("signal ", WTERMSIG(status));
    return base::cat("status ", WEXITSTATUS(status));
}

} // namespace delivery
