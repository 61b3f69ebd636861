// SPDX-License-Identifier: Apache-2.0
// Whether master runs; see running.h.
#include "tools/postfix/running.h"

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/file.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace postfix {

constexpr auto look_again = std::chrono::milliseconds(50);
constexpr std::size_t pid_file_limit = 256;

std::optional<pid_t> Running::pid() const
{
    base::Fd fd{::open(pid_file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd)
        return std::nullopt;
    // A shared lock tells as well as an exclusive one, and does not make a master that is just
    // starting believe that another one runs.
    if (::flock(fd.number(), LOCK_SH | LOCK_NB) == 0)
        return std::nullopt;
    auto text = base::read_file(pid_file_, pid_file_limit);
    auto number = text ? base::parse_int<pid_t>(base::trim(*text)) : std::nullopt;
    return number && *number > 0 ? number : std::nullopt;
}

bool Running::signal(int number) const
{
    auto master = pid();
    return master && ::kill(*master, number) == 0;
}

bool Running::wait_until_gone(base::Duration longest) const
{
    base::SystemClock clock;
    auto deadline = clock.after(longest);
    while (pid()) {
        if (deadline.passed(clock.mono()))
            return false;
        std::this_thread::sleep_for(look_again);
    }
    return true;
}

void become_program(const std::vector<std::string>& words)
{
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
}

int run_program(const std::vector<std::string>& words)
{
    constexpr int not_run = 127;
    pid_t pid = ::fork();
    if (pid == 0) {
        become_program(words);
        ::_exit(not_run);
    }
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return not_run;
    return WEXITSTATUS(status);
}

} // namespace postfix
