// SPDX-License-Identifier: Apache-2.0
// Start-up; see start.h.
#include "master/start.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log_sinks.h"
#include "lib/base/parse.h"
#include "lib/config/maillog.h"
#include "lib/service/log_setup.h"
#include "master/lock.h"
#include "master/master.h"

namespace master {

namespace {

constexpr int lock_attempts = 100; // For a guardian's master: the old one is just dying.
constexpr auto lock_pause = std::chrono::milliseconds(20);

// What the guardian gave us; empty when we were started by a person.
struct Revival {
    std::string sockets;
    unsigned deaths = 0;
    bool revived = false;

    static Revival take();
};

Revival Revival::take()
{
    Revival made;
    const char* sockets = std::getenv(Guardian::sockets_variable);
    const char* deaths = std::getenv(Guardian::deaths_variable);
    if (sockets == nullptr || deaths == nullptr)
        return made;
    made.revived = true;
    made.sockets = sockets;
    made.deaths = base::parse_int<unsigned>(deaths).value_or(1);
    ::unsetenv(Guardian::sockets_variable);
    ::unsetenv(Guardian::deaths_variable);
    return made;
}

// Tells all faults; false when any is an error.
bool tell(const config::Faults& faults)
{
    for (const auto& fault : faults)
        base::Log{}.put(fault.warning ? base::LogLevel::Warning : base::LogLevel::Error,
                        fault.to_string());
    return !config::has_errors(faults);
}

class Starter {
public:
    Starter(const Options& options, int argc, char** argv)
        : options_(options), arguments_(argv, argv + argc), revival_(Revival::take())
    {
        base::set_log_sink(&console_);
        base::set_log_debug(options.verbose);
    }
    ~Starter() { base::set_log_sink(nullptr); }
    Starter(const Starter&) = delete;
    Starter& operator=(const Starter&) = delete;

    int start();

private:
    bool load();
    void open_second_log();
    void open_log(const Configuration& configuration);
    std::string pid_file() const;
    int test() const;
    bool take_lock(std::optional<PidLock>& lock, const std::string& path);
    bool take_locks();
    bool go_background();
    void announce_ready();
    void run();

    const Options& options_;
    std::vector<std::string> arguments_;
    Revival revival_;
    base::CommandLogSink console_{"postfix/master"};
    std::unique_ptr<base::LogSink> first_log_;
    std::unique_ptr<base::LogSink> both_; // Console and first_log_.
    std::unique_ptr<base::LogSink> log_;
    std::unique_ptr<Configuration> configuration_;
    SocketOwner owner_;
    Listeners listeners_;
    std::optional<PidLock> pid_lock_;
    std::optional<PidLock> data_lock_;
    base::Fd ready_; // Our parent waits for a byte, in the background.
    bool background_ = false;
};

void Starter::open_log(const Configuration& configuration)
{
    auto fresh =
        service::open_log_of_root(configuration.common, configuration.maillog,
                                  base::cat(configuration.common.syslog_name(), "/master"));
    if (!fresh) {
        base::Log{}.error(fresh.error().text);
        return;
    }
    auto old = std::move(log_);
    log_ = std::move(*fresh);
    base::set_log_sink(log_.get());
}

bool Starter::load()
{
    config::Faults faults;
    listeners_.adopt(revival_.sockets);
    configuration_ = load_configuration(options_.config_directory, system_names(), faults);
    if (!config::has_errors(faults))
        owner_ = socket_owner(configuration_->common, faults);
    if (!configuration_->common.maillog_file().empty() && !config::has_errors(faults)) {
        auto file = config::open_maillog(configuration_->common, configuration_->maillog);
        if (!file)
            faults.push_back({configuration_->main.file(), 0, false, file.error().text, ""});
        if (configuration_->common.maillog_file() == "/dev/stdout" && !options_.foreground &&
            !options_.check && !options_.test)
            faults.push_back({configuration_->main.file(), 0, false,
                              "maillog_file = /dev/stdout works only in the foreground",
                              "use postfix start-fg"});
    }
    if (!config::has_errors(faults) && !options_.check)
        open_second_log();
    return tell(faults);
}

// Until we are ready, lines go to the person who starts us, and to the log. Not for a check: before
// a reload there is one, and the log hears of the configuration by the reload.
void Starter::open_second_log()
{
    auto second =
        service::open_log_of_root(configuration_->common, configuration_->maillog,
                                  base::cat(configuration_->common.syslog_name(), "/master"));
    if (!second || configuration_->common.maillog_file() == "/dev/stdout")
        return;
    first_log_ = std::move(*second);
    both_ = std::make_unique<base::CommandLogSink>("postfix/master", first_log_.get());
    base::set_log_sink(both_.get());
}

std::string Starter::pid_file() const
{
    return base::cat(configuration_->common.queue_directory(), "/",
                     configuration_->master.process_id_directory(), "/master.pid");
}

// Exit status 0 when no master runs.
int Starter::test() const
{
    base::Fd fd{::open(pid_file().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd)
        return errno == ENOENT ? EXIT_SUCCESS : EXIT_FAILURE;
    auto free = base::try_lock(fd.number());
    return free && *free ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool Starter::take_lock(std::optional<PidLock>& lock, const std::string& path)
{
    for (int attempt = 0; attempt < lock_attempts; ++attempt) {
        auto taken = PidLock::take(path);
        if (!taken) {
            base::Log{}.put(base::LogLevel::Fatal, taken.error().text);
            return false;
        }
        if (*taken) {
            lock = std::move(*taken);
            return true;
        }
        if (!revival_.revived)
            break;
        std::this_thread::sleep_for(lock_pause);
    }
    base::Log{}.put(base::LogLevel::Fatal, base::cat("open lock file ", path,
                                                     ": unable to set exclusive lock: Resource "
                                                     "temporarily unavailable"));
    return false;
}

bool Starter::take_locks()
{
    return take_lock(pid_lock_, pid_file()) &&
           take_lock(data_lock_,
                     base::cat(configuration_->common.data_directory(), "/master.lock"));
}

// The parent waits here until its child is ready, and ends with its success.
bool Starter::go_background()
{
    auto pipe = base::pipe_pair();
    if (!pipe || !base::set_nonblocking(pipe->first.number(), false))
        return false;
    pid_t pid = ::fork();
    if (pid < 0) {
        base::Log{}.put(base::LogLevel::Fatal, base::system_error("fork", errno).text);
        return false;
    }
    if (pid > 0) {
        pipe->second.reset();
        char byte;
        ::_exit(::read(pipe->first.number(), &byte, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    background_ = true;
    ready_ = std::move(pipe->second);
    return ::setsid() > 0;
}

void Starter::announce_ready()
{
    if (!background_)
        return;
    base::Fd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (null)
            ::dup2(null.number(), fd);
    if (::write(ready_.number(), "r", 1) != 1)
        base::Log{}.warning("nobody waits for our start");
    ready_.reset();
}

void Starter::run()
{
    char program[PATH_MAX] = {};
    if (::readlink("/proc/self/exe", program, sizeof program - 1) < 0)
        program[0] = '\0';
    // A supervisor that keeps us in the foreground starts us anew itself.
    bool guarded = program[0] != '\0' && (background_ || revival_.revived);
    std::vector<std::string> arguments{arguments_.front(), "-c", options_.config_directory};
    if (options_.verbose)
        arguments.push_back("-v");
    base::Log log;
    for (const auto& note : configuration_->notes)
        log.info(note);
    if (revival_.revived)
        log.warning("master was killed: a new one takes over");
    log.info("daemon started -- version ", configuration_->common.mail_version(),
             ", configuration ", configuration_->directory);
    Master master({std::move(configuration_),
                   std::move(listeners_),
                   guarded,
                   {program, std::move(arguments), {}, {}},
                   revival_.deaths});
    master.on_reload([this](const Configuration& fresh) { open_log(fresh); });
    announce_ready();
    master.run(std::chrono::seconds(options_.exit_after));
}

int Starter::start()
{
    if (!load() && !options_.test)
        return EXIT_FAILURE;
    if (options_.test)
        return test();
    if (options_.check)
        return EXIT_SUCCESS;
    if (::chdir(configuration_->common.queue_directory().c_str()) != 0) {
        base::Log{}.put(base::LogLevel::Fatal,
                        base::system_error(configuration_->common.queue_directory(), errno).text);
        return EXIT_FAILURE;
    }
    ::umask(077);
    std::signal(SIGPIPE, SIG_IGN);
    config::Faults faults;
    if (!take_locks())
        return EXIT_FAILURE;
    bool open = listeners_.open(configuration_->services, owner_, faults);
    if (!tell(faults) || !open)
        return EXIT_FAILURE;
    if (!options_.foreground && !revival_.revived && !go_background())
        return EXIT_FAILURE;
    open_log(*configuration_);
    if (auto written = pid_lock_->write_pid(::getpid()); !written) {
        base::Log{}.put(base::LogLevel::Fatal, written.error().text);
        return EXIT_FAILURE;
    }
    run();
    return EXIT_SUCCESS;
}

} // namespace

int start(const Options& options, int argc, char** argv)
{
    return Starter{options, argc, argv}.start();
}

} // namespace master
