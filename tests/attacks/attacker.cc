// SPDX-License-Identifier: Apache-2.0
// Attacks that a script is too slow for. Python tests start it and look at what was left.
//
//     attacker swap PATH UID LINK HARD: while standard input is open, PATH is in turn a file of
//         that user, a symbolic link to LINK, nothing, and a hard link to HARD; PATH.lock comes and
//         goes as a symbolic link. Prints how often.
//     attacker signals COUNT SEED FILE PROGRAM...: runs the program COUNT times; each run gets a
//         part of FILE, or all of it, as standard input, and up to three signals at any time.
//         Prints "ok N failed N killed N".
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <random>
#include <spawn.h>
#include <string>
#include <sys/poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"

namespace {

[[noreturn]] void usage()
{
    std::fputs("usage: attacker swap PATH UID LINK HARD | signals COUNT SEED FILE PROGRAM...\n",
               stderr);
    std::exit(2);
}

unsigned number(const char* text)
{
    auto value = base::parse_int<unsigned>(text);
    if (!value)
        usage();
    return *value;
}

bool input_is_open()
{
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&input, 1, 0) == 0;
}

// What fails, fails: others work on the same names.
class Swapper {
public:
    Swapper(std::string path, uid_t user, std::string link, std::string hard)
        : path_(std::move(path)), aside_(path_ + ".x"), lock_(path_ + ".lock"), user_(user),
          link_(std::move(link)), hard_(std::move(hard))
    {
    }

    void round()
    {
        put_file();
        put_lock();
        (void)!::symlink(link_.c_str(), aside_.c_str());
        (void)::rename(aside_.c_str(), path_.c_str());
        (void)::unlink(path_.c_str());
        put_lock();
        put_file();
        (void)!::link(hard_.c_str(), aside_.c_str());
        (void)::rename(aside_.c_str(), path_.c_str());
        (void)::unlink(path_.c_str());
    }

private:
    void put_file()
    {
        base::Fd file(::open(aside_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        if (!file)
            return;
        (void)!::fchown(file.number(), user_, static_cast<gid_t>(-1));
        (void)::rename(aside_.c_str(), path_.c_str());
    }

    void put_lock()
    {
        (void)!::symlink(link_.c_str(), lock_.c_str());
        (void)::unlink(lock_.c_str());
    }

    std::string path_, aside_, lock_;
    uid_t user_;
    std::string link_, hard_;
};

int swap(char** words)
{
    Swapper swapper(words[0], number(words[1]), words[2], words[3]);
    unsigned long rounds = 0;
    for (; input_is_open(); ++rounds)
        swapper.round();
    std::printf("%lu\n", rounds);
    return 0;
}

// One program after the other, each with its own fate.
class Signals {
public:
    Signals(unsigned seed, std::string data, char** program)
        : chance_(seed), data_(std::move(data)), program_(program)
    {
    }

    // The exit status as wait(2) gives it; nothing when the program could not be started.
    std::optional<int> run();

private:
    unsigned below(unsigned limit)
    {
        return std::uniform_int_distribution<unsigned>(0, limit - 1)(chance_);
    }
    void pause() { std::this_thread::sleep_for(std::chrono::microseconds(below(1500))); }
    pid_t start(int input);

    std::mt19937 chance_;
    std::string data_;
    char** program_;
};

pid_t Signals::start(int input)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    for (int output : {STDOUT_FILENO, STDERR_FILENO})
        ::posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &pipe);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    int code = ::posix_spawn(&pid, program_[0], &actions, &attributes, program_, environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return code == 0 ? pid : 0;
}

std::optional<int> Signals::run()
{
    static constexpr std::array kinds{SIGHUP,  SIGINT,  SIGQUIT, SIGKILL,
                                      SIGUSR1, SIGALRM, SIGTERM, SIGPIPE};
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return std::nullopt;
    base::Fd input{ends[0]};
    base::Fd output{ends[1]};
    pid_t pid = start(input.number());
    if (pid == 0)
        return std::nullopt;
    input.reset();
    pause();
    // The pipe holds all of it, so that this does not wait for a program that is gone.
    const bool whole = below(2) == 0;
    const auto size = whole ? data_.size() : below(static_cast<unsigned>(data_.size()));
    (void)!::write(output.number(), data_.data(), size);
    if (whole)
        output.reset();
    for (unsigned left = below(4); left > 0; --left) {
        pause();
        ::kill(pid, kinds[below(kinds.size())]);
    }
    output.reset();
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
}

int signals(char** words)
{
    std::signal(SIGPIPE, SIG_IGN);
    std::ifstream file(words[2], std::ios::binary);
    std::string data(std::istreambuf_iterator<char>(file), {});
    Signals attack(number(words[1]), std::move(data), words + 3);
    unsigned ok = 0;
    unsigned failed = 0;
    unsigned killed = 0;
    for (unsigned left = number(words[0]); left > 0; --left) {
        auto status = attack.run();
        if (!status)
            return 1;
        if (!WIFEXITED(*status))
            ++killed;
        else
            ++(WEXITSTATUS(*status) == 0 ? ok : failed);
    }
    std::printf("ok %u failed %u killed %u\n", ok, failed, killed);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "swap" && argc == 6)
        return swap(argv + 2);
    if (what == "signals" && argc > 5)
        return signals(argv + 2);
    usage();
}
