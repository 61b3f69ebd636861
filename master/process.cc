// SPDX-License-Identifier: Apache-2.0
// Starting a worker; see process.h.
#include "master/process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/ipc/control.h"

namespace master {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (const auto& text : texts)
        out.push_back(const_cast<char*>(text.c_str()));
    out.push_back(nullptr);
    return out;
}

void default_signals()
{
    for (int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGPIPE, SIGALRM})
        std::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Puts `from` at 3, 4, ...; first out of the way, because the numbers may overlap.
bool place_descriptors(std::vector<int> from)
{
    int beyond = ipc::control::worker_fd + static_cast<int>(from.size());
    for (int& fd : from) {
        fd = ::fcntl(fd, F_DUPFD_CLOEXEC, beyond);
        if (fd < 0)
            return false;
    }
    int to = ipc::control::worker_fd;
    for (int fd : from)
        if (::dup2(fd, to++) < 0)
            return false;
    return ::close_range(static_cast<unsigned>(beyond), ~0u, 0) == 0;
}

[[noreturn]] void become(const std::string& program, const std::vector<char*>& arguments,
                         const std::vector<char*>& environment, std::vector<int> descriptors)
{
    default_signals();
    ::umask(077);
    if (place_descriptors(std::move(descriptors)))
        ::execve(program.c_str(), arguments.data(), environment.data());
    base::Log{}.put(base::LogLevel::Fatal, base::system_error(program, errno).text);
    ::_exit(EXIT_FAILURE);
}

} // namespace

std::vector<std::string> worker_arguments(const ServiceSpec& service, std::size_t listeners)
{
    const auto& entry = service.entry;
    std::vector<std::string> words{entry.command,
                                   "-n",
                                   entry.name,
                                   "-t",
                                   std::string(entry.type == config::ServiceType::Fifo
                                                   ? "unix"
                                                   : config::to_string(entry.type)),
                                   "-s",
                                   std::to_string(listeners),
                                   "-l",
                                   std::to_string(entry.max_processes)};
    if (!entry.unprivileged)
        words.push_back("-u");
    if (entry.chroot)
        words.push_back("-c");
    words.insert(words.end(), entry.arguments.begin(), entry.arguments.end());
    return words;
}

base::Result<Started> start_worker(const ServiceSpec& service, const std::vector<int>& listeners,
                                   const std::vector<std::string>& environment)
{
    auto pair = base::socket_pair(SOCK_SEQPACKET);
    if (!pair)
        return pair.error();
    auto words = worker_arguments(service, listeners.size());
    auto arguments = pointers(words);
    auto variables = pointers(environment);
    std::vector<int> descriptors{pair->second.number()};
    descriptors.insert(descriptors.end(), listeners.begin(), listeners.end());
    pid_t pid = ::fork();
    if (pid < 0)
        return base::system_error("fork", errno);
    if (pid == 0)
        become(service.program, arguments, variables, std::move(descriptors));
    return Started{pid, std::move(pair->first)};
}

} // namespace master
