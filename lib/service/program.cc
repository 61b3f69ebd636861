// SPDX-License-Identifier: Apache-2.0
// Running another command; see program.h.
#include "lib/service/program.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "lib/base/file.h"
#include "lib/base/strings.h"

extern char** environ;

namespace service {

namespace {

// As exec wants them. The views live as long as `arguments`.
std::vector<char*> pointers(const std::vector<std::string>& arguments)
{
    std::vector<char*> made;
    made.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments)
        made.push_back(const_cast<char*>(argument.c_str()));
    made.push_back(nullptr);
    return made;
}

struct Pipe {
    base::Fd read, write;
};

base::Result<Pipe> make_pipe()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return base::system_error("pipe", errno);
    return Pipe{base::Fd{ends[0]}, base::Fd{ends[1]}};
}

int wait_for(pid_t pid)
{
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int spawn(pid_t& pid, const std::string& path, const std::vector<std::string>& arguments,
          const Pipe& input, const Pipe& output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE); // We ignore it; the child must not inherit that.
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    ::posix_spawn_file_actions_adddup2(&actions, input.read.number(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output.write.number(), STDOUT_FILENO);
    const int failed = ::posix_spawn(&pid, path.c_str(), &actions, &attributes,
                                     pointers(arguments).data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    return failed;
}

} // namespace

base::Error exec_program(const std::string& path, const std::vector<std::string>& arguments)
{
    ::execv(path.c_str(), pointers(arguments).data());
    return base::temporary(std::strerror(errno));
}

FedProgram::FedProgram(pid_t pid, base::Fd input, base::Fd output)
    : pid_(pid), input_(std::move(input)), output_(std::move(output))
{
}

FedProgram::FedProgram(FedProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), input_(std::move(other.input_)),
      output_(std::move(other.output_))
{
}

FedProgram::~FedProgram()
{
    if (pid_ < 0)
        return;
    input_.reset();
    output_.reset();
    (void)wait_for(pid_);
}

base::Result<FedProgram> FedProgram::start(const std::string& path,
                                           const std::vector<std::string>& arguments)
{
    auto input = make_pipe();
    if (!input)
        return input.error();
    auto output = make_pipe();
    if (!output)
        return output.error();
    pid_t pid = -1;
    if (const int failed = spawn(pid, path, arguments, *input, *output))
        return base::temporary(std::strerror(failed));
    return FedProgram{pid, std::move(input->write), std::move(output->read)};
}

base::Result<void> FedProgram::write(std::string_view bytes)
{
    return base::write_all(input_.number(), bytes);
}

// A byte at a time: the rest belongs to others.
std::string FedProgram::read_line(std::size_t limit)
{
    std::string line;
    while (line.size() < limit && !line.ends_with('\n')) {
        char c = 0;
        const ssize_t got = ::read(output_.number(), &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        line += c;
    }
    return line;
}

FedProgram::Ending FedProgram::finish(std::size_t limit)
{
    Ending ending;
    input_.reset();
    char buffer[4096];
    while (true) {
        const ssize_t got = ::read(output_.number(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        const std::size_t room = limit - std::min(limit, ending.output.size());
        ending.output.append(buffer, std::min(room, static_cast<std::size_t>(got)));
    }
    ending.status = wait_for(std::exchange(pid_, -1));
    return ending;
}

} // namespace service
