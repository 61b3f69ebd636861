// SPDX-License-Identifier: Apache-2.0
// The frame of commands; see command.h.
#include "lib/service/command.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "lib/config/host.h"
#include "lib/config/params/master.h"
#include "lib/service/jail.h"
#include "lib/service/log_setup.h"

namespace service {

namespace {

// A descriptor 0, 1 or 2 that is closed would be given to the next file that is opened, and
// diagnostics would be written into it.
void open_standard_descriptors()
{
    for (int fd = 0; fd <= STDERR_FILENO; ++fd)
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd)
            ::_exit(static_cast<int>(ExitStatus::Failure));
}

void clean_environment()
{
    const char* zone = std::getenv("TZ");
    const std::string kept_zone = zone == nullptr ? "" : zone;
    const char* config = std::getenv("MAIL_CONFIG");
    const std::string kept_config = config == nullptr ? "" : config;
    ::clearenv();
    ::setenv("PATH", "/usr/bin:/bin", 1);
    if (zone != nullptr)
        ::setenv("TZ", kept_zone.c_str(), 1);
    if (config != nullptr)
        ::setenv("MAIL_CONFIG", kept_config.c_str(), 1);
}

// Directories that the owner of the default main.cf vouches for.
struct VouchedParams : config::ParamSet {
    config::Param<config::List> alternate{*this, {.name = "alternate_config_directories"}};
    config::Param<config::List> instances{*this, {.name = "multi_instance_directories"}};
};

bool contains(const std::vector<std::string>& list, const std::string& item)
{
    return std::find(list.begin(), list.end(), item) != list.end();
}

base::Result<void> check_directory(const std::string& directory)
{
    if (directory == DEFAULT_CONFIG_DIRECTORY || !has_borrowed_group() || ::getuid() == 0)
        return {};
    config::Faults faults;
    auto main = config::MainCf::load(DEFAULT_CONFIG_DIRECTORY, faults, true);
    if (!main)
        return main.error();
    VouchedParams vouched;
    vouched.declare(*main);
    vouched.load(*main, faults);
    if (contains(vouched.alternate(), directory) || contains(vouched.instances(), directory))
        return {};
    return base::permanent(base::cat("unauthorized configuration directory name: ", directory,
                                     " (specify \"alternate_config_directories = ", directory,
                                     "\" or \"multi_instance_directories = ", directory, "\" in ",
                                     DEFAULT_CONFIG_DIRECTORY, "/main.cf)"));
}

} // namespace

Command::Command(std::string program, std::string shown)
    : program_(std::move(program)), shown_(shown.empty() ? program_ : std::move(shown))
{
    open_standard_descriptors();
    if (has_borrowed_group())
        clean_environment();
    sink_ = std::make_unique<base::CommandLogSink>(shown_);
    base::set_log_sink(sink_.get());
}

Command::~Command()
{
    base::set_log_sink(nullptr);
}

base::Result<void> Command::configure(std::string directory, std::vector<config::ParamSet*> sets)
{
    const char* environment = std::getenv("MAIL_CONFIG");
    if (directory.empty())
        directory =
            environment != nullptr && *environment != '\0' ? environment : DEFAULT_CONFIG_DIRECTORY;
    if (auto allowed = check_directory(directory); !allowed)
        return allowed.error();
    config::Faults faults;
    auto loaded = config::MainCf::load(directory, faults);
    if (!loaded)
        return loaded.error();
    main_ = std::move(*loaded);
    main_.set("process_name", program_);
    sets.insert(sets.begin(), &common_);
    for (const config::ParamSet* set : sets)
        set->declare(main_);
    if (auto origin = config::read_origin(main_); !origin)
        return origin.error();
    for (config::ParamSet* set : sets)
        set->load(main_, faults);
    for (const auto& fault : faults)
        if (!fault.warning)
            return base::permanent(fault.to_string());
    // Standard output is for what was asked.
    if (logged_ && common_.maillog_file() != "/dev/stdout")
        log_to(shown_, open_log(common_, program_));
    return {};
}

void Command::log_to(std::string ident, std::unique_ptr<base::LogSink> mail_log)
{
    auto sink = std::make_unique<base::CommandLogSink>(std::move(ident), mail_log.get());
    base::set_log_sink(sink.get());
    sink_ = std::move(sink);
    mail_log_ = std::move(mail_log);
}

bool Command::log_as(const config::MainCf& main, const config::CommonParams& common,
                     std::string ident)
{
    config::MaillogParams maillog;
    config::Faults faults;
    config::MainCf copy = main;
    maillog.declare(copy);
    maillog.load(copy, faults);
    auto opened = open_log_of_root(common, maillog, ident);
    log_to(std::move(ident), opened ? std::move(*opened) : nullptr);
    if (!opened)
        log_.warning(opened.error().text);
    return opened.ok();
}

void Command::show_unattended_from(std::optional<base::LogLevel> level)
{
    if (::isatty(STDERR_FILENO) != 1)
        sink_->show_from(level);
}

int Command::fail(ExitStatus status, std::string_view text) const
{
    log_.put(base::LogLevel::Fatal, text);
    return static_cast<int>(status);
}

bool has_borrowed_group()
{
    return ::getegid() != ::getgid();
}

void give_back_group()
{
    const gid_t own = ::getgid();
    if (::setresgid(own, own, own) != 0)
        base::fatal(base::system_error("setgid", errno).text);
    gid_t real = 0, effective = 0, saved = 0;
    if (::getresgid(&real, &effective, &saved) != 0 || effective != own || saved != own)
        base::fatal("the group of a set-gid program could not be given up");
}

base::Result<void> take_setgid_group(const config::CommonParams& common)
{
    if (::geteuid() != 0)
        return {};
    const group* found = ::getgrnam(common.setgid_group().c_str());
    if (found == nullptr || ::setegid(found->gr_gid) != 0)
        return base::temporary(base::cat("setgid_group: cannot become ", common.setgid_group()));
    return {};
}

std::string caller_name()
{
    const passwd* entry = ::getpwuid(::getuid());
    return entry == nullptr ? "unknown" : entry->pw_name;
}

void become_mail_owner(const config::CommonParams& common)
{
    enter_jail(
        {common.queue_directory(), false, true, common.mail_owner(), {}, common.setgid_group()});
}

} // namespace service
