// SPDX-License-Identifier: Apache-2.0
// Standard input and signals; see input.h.
#include "submit/postdrop/input.h"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/result.h"

namespace postdrop {

namespace {

constexpr int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
// A fault of our own must end the process at once.
constexpr int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

// Those that the caller had ignored, as nohup(1) does, stay ignored.
sigset_t ending_set()
{
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : ending_signals) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
            ::sigaddset(&set, number);
    }
    return set;
}

} // namespace

Input::Input()
{
    const sigset_t ending = ending_set();
    sigset_t blocked;
    ::sigfillset(&blocked);
    for (const int number : fault_signals) {
        ::signal(number, SIG_DFL);
        ::sigdelset(&blocked, number);
    }
    ::alarm(0);
    signals_ = base::Fd{::signalfd(-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC)};
    if (::sigprocmask(SIG_SETMASK, &blocked, nullptr) != 0 || !signals_)
        base::fatal(base::system_error("signals", errno).text);
}

// What is still to come happens undisturbed, and takes no time.
Input::~Input() = default;

bool Input::asked_to_end() const
{
    signalfd_siginfo info;
    return ::read(signals_.number(), &info, sizeof info) == sizeof info;
}

base::Result<std::size_t> Input::read(std::span<char> room)
{
    while (true) {
        pollfd ready[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_.number(), POLLIN, 0}};
        if (::poll(ready, 2, -1) < 0 && errno != EINTR)
            return base::system_error("poll", errno);
        if (ready[1].revents != 0 && asked_to_end())
            return base::temporary("ended by a signal");
        if (ready[0].revents == 0)
            continue;
        const ssize_t got = ::read(STDIN_FILENO, room.data(), room.size());
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR && errno != EAGAIN)
            return base::system_error("read", errno);
    }
}

} // namespace postdrop
