// SPDX-License-Identifier: Apache-2.0
// Running commands; see command.h.
#include "lib/delivery/command.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <paths.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/event/watch.h"

namespace delivery {

using base::Result;
using base::Task;

namespace {

// What a line may hold to be run without a shell.
constexpr std::string_view plain_characters =
    "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t";

// In the child: the reason goes the way of the command's output, and makes a temporary failure.
[[noreturn]] void give_up(const Command& command, std::string_view reason)
{
    const std::string line = base::cat(command.program, ": fatal: ", reason, "\n");
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0)
        ::_exit(EX_TEMPFAIL);
    ::_exit(EX_TEMPFAIL);
}

std::vector<char*> pointers(std::vector<std::string>& words)
{
    std::vector<char*> list;
    list.reserve(words.size() + 1);
    for (auto& word : words)
        list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

std::string exec_fault(const std::string& program)
{
    return base::cat("execvp ", program, ": ", std::strerror(errno));
}

void exec_words(std::vector<std::string> words)
{
    const auto list = pointers(words);
    ::execvp(list[0], list.data());
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    for (const auto word : base::split(text, " \t\r\n"))
        words.emplace_back(word);
    return words;
}

[[noreturn]] void exec_line(const Command& command)
{
    auto words = words_of(command.shell);
    if (!words.empty()) {
        words.push_back(command.line);
        exec_words(words);
        give_up(command, base::cat("pipe_command: ", exec_fault(words.front())));
    }
    words = words_of(command.line);
    if (command.line.find_first_not_of(plain_characters) == std::string::npos && !words.empty()) {
        exec_words(words);
        // It may be a built-in command of the shell.
        if (errno != ENOENT || words.front().find('/') != std::string::npos)
            give_up(command, exec_fault(words.front()));
    }
    const std::string& line = command.line;
    ::execl(_PATH_BSHELL, "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
    give_up(command, exec_fault(_PATH_BSHELL));
}

// A write that goes beyond it fails; a signal would end the command without a word.
void limit_files(std::uint64_t bytes)
{
    if (bytes == 0)
        return;
    const rlimit limit{bytes, bytes};
    ::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
        ::_exit(EX_TEMPFAIL);
}

struct ChildEnds {
    int input;
    int output;
};

// The whole life of the child up to the command. What goes wrong before that makes a temporary
// failure.
int become_command(CommandSetup& setup, ChildEnds ends)
{
    if (::dup2(ends.input, STDIN_FILENO) < 0 || ::dup2(ends.output, STDOUT_FILENO) < 0 ||
        ::dup2(ends.output, STDERR_FILENO) < 0)
        ::_exit(EX_TEMPFAIL);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO})
        if (!base::set_nonblocking(fd, false))
            ::_exit(EX_TEMPFAIL);
    if (auto entered = enter_child(setup.child); !entered)
        give_up(setup.command, entered.error().text);
    limit_files(setup.file_limit);
    if (!setup.directory.empty() && ::chdir(setup.directory.c_str()) != 0)
        give_up(setup.command, base::cat("cannot change directory to \"", setup.directory,
                                         "\" for uid=", setup.child.rights.uid, " gid=",
                                         setup.child.rights.gid, ": ", std::strerror(errno)));
    auto environment = pointers(setup.environment);
    environ = environment.data();
    if (setup.command.argv.empty())
        exec_line(setup.command);
    exec_words(setup.command.argv);
    give_up(setup.command, base::cat("pipe_command: ", exec_fault(setup.command.argv.front())));
}

// Writes all of `piece`; false when the command reads no more.
Task<bool> give(events::Watch& watch, std::string_view piece)
{
    while (!piece.empty()) {
        const ssize_t put = ::write(watch.fd(), piece.data(), piece.size());
        if (put >= 0)
            piece.remove_prefix(static_cast<std::size_t>(put));
        else if (errno == EAGAIN)
            co_await watch.writable(base::Deadline::never());
        else if (errno != EINTR)
            co_return false;
    }
    co_return true;
}

// Gives the message to the command, and the end of input. `fault` says why the rest is missing when
// it is not the command's will.
Task<void> feed(events::Loop& loop, base::Fd pipe, MessageText message, std::string& fault)
{
    MessageReader reader(std::move(message));
    events::Watch watch(loop, pipe.number());
    while (true) {
        const auto piece = reader.next();
        if (!piece)
            fault = piece.error().text;
        if (!piece || piece->empty())
            co_return;
        const bool wanted = co_await give(watch, *piece);
        if (!wanted)
            co_return;
    }
}

// Takes what the command has said by now. False: there will be no more.
bool take_output(int fd, std::string& output)
{
    char buffer[command_output_limit];
    while (true) {
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got > 0)
            output.append(buffer, std::min(static_cast<std::size_t>(got),
                                           command_output_limit - output.size()));
        else if (got == 0 || (errno != EAGAIN && errno != EINTR))
            return false;
        else if (errno == EAGAIN)
            return true;
    }
}

Task<void> collect(events::Watch& watch, std::string& output)
{
    while (take_output(watch.fd(), output))
        co_await watch.readable(base::Deadline::never());
}

// One printable line: what a log line and a notice can hold.
std::string one_line(std::string output)
{
    for (char& c : output)
        if (c == '\n' || c == '\t')
            c = ' ';
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '_';
    return base::printable(output, true);
}

} // namespace

Task<Result<CommandEnd>> run_command(events::Loop& loop, CommandSetup setup)
{
    setup.child.rights.roots_mailbox = false; // Whatever root may write, no command runs as root.
    if (auto allowed = check_rights(setup.child.rights); !allowed)
        co_return allowed.error();
    auto input = base::pipe_pair();
    auto output = base::pipe_pair();
    if (!input || !output)
        co_return base::temporary("no pipe to a command can be had");
    const auto deadline = loop.clock().after(setup.child.limit);
    events::Watch output_watch(loop, output->first.number());
    Process process(loop);
    const ChildEnds ends{input->first.number(), output->second.number()};
    const std::function<int()> body = [&] { return become_command(setup, ends); };
    if (auto started = process.start(body); !started)
        co_return started.error();
    input->first.reset();
    output->second.reset();

    CommandEnd end;
    std::string fault;
    base::Scope side;
    side.spawn(feed(loop, std::move(input->second), setup.input, fault));
    side.spawn(collect(output_watch, end.output));
    const bool in_time = co_await process.ended(deadline);
    end.timed_out = !in_time;
    if (end.timed_out) {
        process.kill_group(SIGKILL);
        const auto never = base::Deadline::never();
        co_await process.ended(never);
    }
    side.cancel();
    take_output(output->first.number(), end.output);
    if (!fault.empty())
        co_return base::temporary(std::move(fault));
    end.status = process.status();
    end.output = one_line(std::move(end.output));
    co_return std::move(end);
}

std::vector<std::string> exported_environment(const std::vector<std::string>& export_environment)
{
    std::vector<std::string> environment;
    for (std::string_view entry : export_environment) {
        if (entry.starts_with('{') && entry.ends_with('}'))
            entry = base::trim(entry.substr(1, entry.size() - 2));
        const auto equals = entry.find('=');
        const std::string name(base::trim(entry.substr(0, equals)));
        const char* value = equals == std::string_view::npos ? ::getenv(name.c_str()) : nullptr;
        if (name == "PATH")
            continue; // Always the system's.
        if (equals != std::string_view::npos)
            environment.push_back(base::cat(name, "=", base::trim(entry.substr(equals + 1))));
        else if (value != nullptr)
            environment.push_back(base::cat(name, "=", value));
    }
    environment.push_back(base::cat("PATH=", _PATH_DEFPATH));
    return environment;
}

} // namespace delivery
