// SPDX-License-Identifier: Apache-2.0
// The commands of postfix(1); see commands.h.
#include "tools/postfix/commands.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/config/params/failures.h"
#include "lib/config/params/master.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/queue/index.h"
#include "lib/service/command.h"
#include "tools/bounces/command.h"
#include "tools/doctor/command.h"
#include "tools/postfix/check.h"
#include "tools/postfix/logrotate.h"
#include "tools/postfix/post_install.h"
#include "tools/postfix/running.h"
#include "tools/postfix/spool/command.h"

namespace postfix {

namespace {

constexpr auto stop_margin = std::chrono::seconds(5); // Beyond master's own patience.
constexpr auto abort_wait = std::chrono::seconds(5);
constexpr auto patience_before_word = std::chrono::seconds(5);
constexpr auto flush_wait = std::chrono::seconds(60);

// One call of the command: configuration, log, and what every command needs.
class Call {
public:
    explicit Call(const Options& options);

    int run();

    int start();
    int start_foreground();
    int stop();
    int abort();
    int reload();
    int flush();
    int check();
    int status();
    int set_permissions();
    int upgrade();
    int logrotate();
    int post_install();
    int doctor();
    int import_queue();
    int bounces();

private:
    struct Command {
        std::string_view name;
        int (Call::*run)();
        bool takes_arguments;
    };
    static const Command commands[];

    int fail(std::string_view text) const;
    int not_running() const { return fail("the Postfix mail system is not running"); }
    bool prepare();
    // That it begins, for whoever looks on and for the log; scripts and timers hear of trouble
    // only.
    void begin(std::string_view what);
    int change_and_run(const std::vector<std::string>& settings,
                       const std::vector<std::string>& words);
    int run_action(PostInstallAction action);
    bool allowed() const;
    bool configuration_is_good() const;
    std::string master() const { return base::cat(common_.daemon_directory(), "/master"); }

    const Options& options_;
    config::MainCf main_;
    config::CommonParams common_;
    config::MasterParams master_;
    config::QueueParams queue_;
    config::MaillogParams maillog_;
    config::Faults faults_;
    base::Result<void> loaded_;
    service::Command command_{"postfix"};
    std::unique_ptr<Running> running_;
};

const Call::Command Call::commands[] = {
    {"start", &Call::start, false},
    {"start-fg", &Call::start_foreground, false},
    {"stop", &Call::stop, false},
    {"quick-stop", &Call::stop, false},
    {"drain", &Call::stop, false},
    {"abort", &Call::abort, false},
    {"reload", &Call::reload, false},
    {"flush", &Call::flush, false},
    {"check", &Call::check, false},
    {"status", &Call::status, false},
    {"set-permissions", &Call::set_permissions, true},
    {"upgrade-configuration", &Call::upgrade, true},
    {"logrotate", &Call::logrotate, false},
    {"post-install", &Call::post_install, true},
    {"doctor", &Call::doctor, true},
    {"import-queue", &Call::import_queue, true},
    {"bounces", &Call::bounces, true},
};

Call::Call(const Options& options) : options_(options)
{
    auto loaded = config::MainCf::load(options.config_directory, faults_);
    if (loaded)
        main_ = std::move(*loaded);
    else
        loaded_ = loaded.error();
    config::ParamSet* sets[] = {&common_, &master_, &queue_, &maillog_};
    for (auto* set : sets)
        set->declare(main_);
    for (auto* set : sets)
        set->load(main_, faults_);
    static_cast<void>(
        command_.log_as(main_, common_, base::cat(common_.syslog_name(), "/postfix-script")));
    running_ = std::make_unique<Running>(
        base::cat(common_.queue_directory(), "/", master_.process_id_directory(), "/master.pid"));
}

int Call::fail(std::string_view text) const
{
    base::Log{}.put(base::LogLevel::Fatal, text);
    return EXIT_FAILURE;
}

void Call::begin(std::string_view what)
{
    command_.show_unattended_from(base::LogLevel::Warning);
    base::Log{}.info(what, " the Postfix mail system");
}

bool Call::allowed() const
{
    if (::geteuid() == 0)
        return true;
    auto owners = find_owners(common_);
    // A private instance, run by the user that owns its queue.
    return owners && ::access(common_.queue_directory().c_str(), W_OK) == 0;
}

int Call::run()
{
    if (!loaded_)
        return fail(loaded_.error().text);
    const std::string& name = options_.words.front();
    const auto* found = std::find_if(std::begin(commands), std::end(commands),
                                     [&](const Command& command) { return command.name == name; });
    if (found == std::end(commands))
        return fail(base::cat("unknown command: '", name,
                              "'. Usage: postfix start (or stop, reload, abort, flush, check, "
                              "status, set-permissions, upgrade-configuration, logrotate, doctor, "
                              "import-queue, bounces)"));
    if (!found->takes_arguments && options_.words.size() > 1)
        return fail(base::cat("usage postfix ", name, " (no arguments)"));
    if (!allowed())
        return fail("the postfix command is reserved for the superuser");
    return (this->*found->run)();
}

// Asks master itself, which tells all faults.
bool Call::configuration_is_good() const
{
    return run_program({master(), "-k", "-c", options_.config_directory}) == EXIT_SUCCESS;
}

// What has to be right before a start; the configuration is looked at by master itself.
bool Call::prepare()
{
    if (::access(master().c_str(), X_OK) != 0) {
        fail(base::cat("no Postfix master program ", master(), "!"));
        return false;
    }
    auto owners = find_owners(common_);
    if (!owners) {
        fail(owners.error().text);
        return false;
    }
    // A queue in a wrong place would be an empty one. Installers make it: set-permissions.
    if (::access(common_.queue_directory().c_str(), F_OK) != 0) {
        fail(base::system_error(base::cat("chdir(", common_.queue_directory(), ")"), errno).text);
        return false;
    }
    if (auto made = create_missing(common_, *owners); !made) {
        base::Log{}.error(made.error().text);
        fail("unable to create missing queue directories");
        return false;
    }
    check_permissions(common_, *owners, false);
    if (spool::foreign_messages(common_.queue_directory()) > 0) {
        fail(base::cat(
            "the queue holds messages of another mail system: run \"postfix import-queue ",
            common_.queue_directory(), "\" first"));
        return false;
    }
    return true;
}

int Call::start()
{
    if (running_->pid())
        return fail("the Postfix mail system is already running");
    if (!prepare())
        return fail("Postfix integrity check failed!");
    begin("starting");
    if (run_program({master(), "-w", "-c", options_.config_directory}) != EXIT_SUCCESS)
        return fail("mail system startup failed");
    return EXIT_SUCCESS;
}

int Call::start_foreground()
{
    if (running_->pid())
        return fail("the Postfix mail system is already running");
    if (!prepare())
        return fail("Postfix integrity check failed!");
    begin("starting");
    become_program({master(), ::getpid() == 1 ? "-i" : "-s", "-c", options_.config_directory});
    return fail("cannot start-fg the master daemon");
}

int Call::stop()
{
    base::Log log;
    if (!running_->signal(0))
        return not_running();
    begin("stopping");
    running_->signal(SIGTERM);
    if (running_->wait_until_gone(patience_before_word))
        return EXIT_SUCCESS;
    log.info("waiting for the Postfix mail system to terminate");
    if (running_->wait_until_gone(master_.master_stop_timeout() + stop_margin))
        return EXIT_SUCCESS;
    log.warning("stopping the Postfix mail system with force");
    running_->signal(SIGINT);
    if (running_->wait_until_gone(abort_wait))
        return EXIT_SUCCESS;
    running_->signal(SIGKILL);
    return running_->wait_until_gone(abort_wait) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int Call::abort()
{
    if (!running_->signal(0))
        return not_running();
    begin("aborting");
    running_->signal(SIGINT);
    return running_->wait_until_gone(abort_wait) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int Call::reload()
{
    if (!running_->signal(0))
        return not_running();
    if (!configuration_is_good())
        return fail("the new configuration has faults; the old one stays in force");
    begin("refreshing");
    return running_->signal(SIGHUP) ? EXIT_SUCCESS : not_running();
}

base::Task<void> ask_flush(events::Loop& loop, base::Result<void>& result)
{
    ipc::Client<ipc::qmgr::Protocol> qmgr(loop, "public/qmgr");
    auto answer = co_await qmgr.call(ipc::qmgr::FlushAll{}, loop.clock().after(flush_wait));
    result = answer ? base::Result<void>{} : base::Result<void>{answer.error()};
    loop.stop();
}

int Call::flush()
{
    if (!running_->signal(0))
        return not_running();
    if (::chdir(common_.queue_directory().c_str()) != 0)
        return fail(base::system_error(common_.queue_directory(), errno).text);
    events::Loop loop;
    base::Result<void> result = base::temporary("no answer");
    base::Scope scope;
    scope.spawn(ask_flush(loop, result));
    if (!scope.empty())
        loop.run();
    return result ? EXIT_SUCCESS : fail(base::cat("flush: ", result.error().text));
}

int Call::check()
{
    return prepare() && configuration_is_good() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int Call::status()
{
    auto pid = running_->pid();
    if (!pid) {
        base::Log{}.info("the Postfix mail system is not running");
        return EXIT_FAILURE;
    }
    base::Log{}.info("the Postfix mail system is running: PID: ", *pid);
    return EXIT_SUCCESS;
}

// Changes main.cf, and does the rest by what stands there then.
int Call::change_and_run(const std::vector<std::string>& settings,
                         const std::vector<std::string>& words)
{
    std::vector<std::string> edit{base::cat(common_.command_directory(), "/postconf"), "-c",
                                  options_.config_directory, "-e"};
    edit.insert(edit.end(), settings.begin(), settings.end());
    if (run_program(edit) != EXIT_SUCCESS)
        return fail("cannot change main.cf");
    Options again = options_;
    again.words = words;
    return Call{again}.run();
}

int Call::set_permissions()
{
    if (options_.words.size() > 1)
        return change_and_run({options_.words.begin() + 1, options_.words.end()},
                              {"set-permissions"});
    auto owners = find_owners(common_);
    if (!owners)
        return fail(owners.error().text);
    if (auto made = create_missing(common_, *owners); !made)
        return fail(made.error().text);
    check_permissions(common_, *owners, true);
    return EXIT_SUCCESS;
}

int Call::run_action(PostInstallAction action)
{
    switch (action) {
    case PostInstallAction::CreateMissing: {
        auto owners = find_owners(common_);
        auto made = owners ? create_missing(common_, *owners) : base::Result<void>(owners.error());
        return made ? EXIT_SUCCESS : fail(made.error().text);
    }
    case PostInstallAction::SetPermissions: return set_permissions();
    case PostInstallAction::Upgrade: return upgrade();
    case PostInstallAction::Remind:
        base::Log{}.info("look at ", options_.config_directory, "/main.cf, then: postfix start");
        return EXIT_SUCCESS;
    }
    return EXIT_FAILURE;
}

int Call::post_install()
{
    auto parsed = parse_post_install({options_.words.begin() + 1, options_.words.end()});
    if (!parsed)
        return fail(parsed.error().text);
    Options again = options_;
    again.words = {"post-install"};
    if (!parsed->config_directory.empty())
        again.config_directory = parsed->config_directory;
    Call call(again);
    if (!call.loaded_)
        return fail(call.loaded_.error().text);
    if (!parsed->settings.empty() &&
        call.change_and_run(parsed->settings, {"post-install", "create-missing"}) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    Call changed(again);
    for (const PostInstallAction action : parsed->actions)
        if (const int status = changed.run_action(action))
            return status;
    return EXIT_SUCCESS;
}

int Call::upgrade()
{
    return EXIT_SUCCESS; // master knows services that master.cf does not name.
}

int Call::logrotate()
{
    auto aside = put_log_aside(common_, maillog_, base::SystemClock{}.wall());
    if (!aside)
        return fail(aside.error().text);
    running_->signal(SIGHUP); // Opens a new file; nobody to do it when none runs.
    const std::string& compressor = maillog_.maillog_file_compressor();
    if (!compressor.empty() && run_program({compressor, *aside}) != EXIT_SUCCESS)
        return fail(base::cat("logfile '", common_.maillog_file(),
                              "' rotation failed: ", compressor, " ", *aside));
    return EXIT_SUCCESS;
}

int Call::doctor()
{
    doctor::Request request;
    std::string usage =
        doctor::parse_words({options_.words.begin() + 1, options_.words.end()}, request);
    if (!usage.empty())
        return fail(usage);
    if (auto pid = running_->pid())
        request.master_pid = static_cast<int>(*pid);
    request.config_directory = options_.config_directory;
    if (auto owners = find_owners(common_)) {
        base::MemoryLogSink faults;
        base::LogSink* before = base::set_log_sink(&faults);
        check_permissions(common_, *owners, false);
        base::set_log_sink(before);
        for (std::string_view line : faults.lines) {
            std::string_view level = base::log_level_prefix(base::LogLevel::Warning);
            request.permission_faults.emplace_back(
                line.starts_with(level) ? line.substr(level.size()) : line);
        }
    } else {
        request.permission_faults.push_back(owners.error().text);
    }
    return doctor::run(request);
}

int Call::import_queue()
{
    auto owners = find_owners(common_);
    if (!owners)
        return fail(owners.error().text);
    if (auto made = create_missing(common_, *owners); !made)
        return fail(made.error().text);
    return spool::import_queue({common_,
                                queue_,
                                base::cat(master_.process_id_directory(), "/master.pid"),
                                base::cat(common_.data_directory(), "/", queue::index_file_name),
                                {options_.words.begin() + 1, options_.words.end()}});
}

int Call::bounces()
{
    bounces::Request request;
    std::string usage =
        bounces::parse_words({options_.words.begin() + 1, options_.words.end()}, request);
    if (!usage.empty())
        return fail(usage);
    if (request.verb == bounces::Verb::Classify) {
        config::FailureClassParams classes;
        classes.declare(main_);
        classes.load(main_, faults_);
        return bounces::classify(request, classes.failure_class_maps());
    }
    if (!running_->pid())
        return not_running();
    // The service's socket has a path below the queue directory.
    if (::chdir(common_.queue_directory().c_str()) != 0)
        return fail(base::system_error("cannot use the queue directory", errno).text);
    return bounces::run(request);
}

} // namespace

Options parse_options(int argc, char** argv, std::string& problem)
{
    constexpr const char* usage = "usage: postfix [-c config_dir] [-Dv] command";
    Options options;
    const char* environment = std::getenv("MAIL_CONFIG");
    options.config_directory = environment != nullptr ? environment : DEFAULT_CONFIG_DIRECTORY;
    optind = 1;
    for (int letter; (letter = ::getopt(argc, argv, "+c:Dv")) != -1;) {
        if (letter == 'c')
            options.config_directory = optarg;
        else if (letter == 'v')
            options.verbose = true;
        else if (letter == '?')
            problem = usage;
    }
    options.words.assign(argv + optind, argv + argc);
    if (options.words.empty())
        problem = usage;
    std::error_code code;
    auto absolute = std::filesystem::absolute(options.config_directory, code);
    if (!code)
        options.config_directory = absolute.lexically_normal().string();
    return options;
}

int run(const Options& options)
{
    ::setenv("MAIL_CONFIG", options.config_directory.c_str(), 1);
    return Call{options}.run();
}

} // namespace postfix
