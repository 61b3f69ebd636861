// SPDX-License-Identifier: Apache-2.0
// Locking and running; see run.h.
#include "tools/postlock/run.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/delivery/mailbox_lock.h"

namespace postlock {

using service::ExitStatus;

namespace {

constexpr mode_t file_mode = 0600;

int fail(const service::Command& command, std::string_view text)
{
    static_cast<void>(command.fail(ExitStatus::Failure, text));
    return temporary_failure;
}

// Runs the command directly, without a shell. Its locks are ours, and end after it.
int run_command(const service::Command& command, char** words)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::execvp(words[0], words);
        static_cast<void>(command.fail(
            ExitStatus::Failure, base::system_error(base::cat("execvp ", words[0]), errno).text));
        ::_exit(1);
    }
    if (child < 0)
        return fail(command, base::system_error("fork", errno).text);
    for (const int interrupt : {SIGINT, SIGQUIT})
        std::signal(interrupt, SIG_IGN); // They are for the command; we give the lock back.
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return fail(command, base::system_error("waitpid", errno).text);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

} // namespace

base::Result<Options> parse_options(int argc, char** argv)
{
    constexpr const char* usage =
        "usage: postlock [-c config_dir] [-l lock_style] [-v] folder command...";
    Options options;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt(argc, argv, "+c:l:v")) != -1;) {
        if (letter == 'c')
            options.config_directory = optarg;
        else if (letter == 'l')
            options.lock_style = optarg;
        else if (letter == 'v')
            options.verbose = true;
        else
            return base::permanent(usage);
    }
    if (argc - optind < 2)
        return base::permanent(usage);
    options.file = argv[optind];
    options.command = argv + optind + 1;
    return options;
}

int run(const service::Command& command, const Params& params, const Options& options)
{
    std::vector<std::string> words = params.local.mailbox_delivery_lock();
    if (!options.lock_style.empty()) {
        words.clear();
        for (const auto word : base::split(options.lock_style, ", \t\r\n"))
            words.emplace_back(word);
    }
    auto styles = delivery::parse_lock_styles(words);
    if (!styles)
        return fail(command, base::cat("unknown ", params.local.mailbox_delivery_lock.name(),
                                       " value: ", styles.error().text));
    const std::string what = base::cat("open file ", options.file, ": ");
    base::Fd file{::open(options.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_CLOEXEC,
                         file_mode)};
    if (!file)
        return fail(command, base::system_error(base::cat(what, "cannot open file"), errno).text);
    delivery::MailboxLock lock;
    const auto fault =
        lock.take(options.file, file.number(),
                  {*styles, static_cast<int>(params.mailbox.deliver_lock_attempts()),
                   params.mailbox.deliver_lock_delay(), params.mailbox.stale_lock_time(), false});
    if (fault)
        return fail(command, base::cat(what, fault.text));
    return run_command(command, options.command);
}

} // namespace postlock
