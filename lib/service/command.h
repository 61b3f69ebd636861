// SPDX-License-Identifier: Apache-2.0
// The frame of a command that a person or a script calls: configuration, log on stderr and in the
// mail log, and the rights of a set-gid program, which are given up as soon as they were used.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/log_sinks.h"
#include "lib/config/params/common.h"

namespace service {

// Exit statuses that callers look at (those of sysexits.h).
enum class ExitStatus : int {
    Ok = 0,
    Failure = 1,
    Usage = 64,
    Data = 65,
    Unavailable = 69,
    Software = 70,
    OsError = 71,
    WriteError = 74,
    TempFail = 75,
    NoPermission = 77,
};

class Command {
public:
    // `program` is the name in the mail log and, where there is no `shown`, before each line on
    // stderr. Makes sure that descriptors 0 to 2 are open, and, in a set-gid program, that the
    // caller's environment has no say.
    explicit Command(std::string program, std::string shown = {});
    ~Command();
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    // Before configure(): what it says goes to stderr only.
    void stay_out_of_the_log() { logged_ = false; }

    // Reads main.cf of `directory`, or of $MAIL_CONFIG, or of the default directory, and opens the
    // mail log. In a set-gid program that root did not call, only directories that the default
    // main.cf names (alternate_config_directories, multi_instance_directories) are taken. The sets
    // outlive the command.
    base::Result<void> configure(std::string directory, std::vector<config::ParamSet*> sets);

    // For commands of root that go on with a main.cf that has faults, and have read it themselves:
    // logs as `ident`, such as "postfix/postlog", on stderr and in the mail log, which needs no
    // postlogd. A mail log that cannot be opened is told on stderr, and done without: false.
    bool log_as(const config::MainCf& main, const config::CommonParams& common, std::string ident);

    // From now on lines below `level`, or all, are for the mail log only, unless a person looks on:
    // stderr is a terminal.
    void show_unattended_from(std::optional<base::LogLevel> level);

    const config::CommonParams& common() const { return common_; }
    const config::MainCf& main_cf() const { return main_; }
    const base::Log& log() const { return log_; }

    // One line "fatal: TEXT", and the status as a number, for main to return.
    int fail(ExitStatus status, std::string_view text) const;

private:
    void log_to(std::string ident, std::unique_ptr<base::LogSink> mail_log);

    std::string program_;
    std::string shown_; // Its name on stderr.
    bool logged_ = true;
    config::CommonParams common_;
    config::MainCf main_;
    base::Log log_;
    std::unique_ptr<base::LogSink> mail_log_;
    std::unique_ptr<base::CommandLogSink> sink_;
};

// Whether the program's file gave this process a group that its caller does not have.
bool has_borrowed_group();

// Back to the caller's own group, for good. Ends the process when that fails.
void give_back_group();

// In a set-gid program that root called, or that is not installed set-gid: the group of files that
// root makes from now on is setgid_group. Nothing for other users.
base::Result<void> take_setgid_group(const config::CommonParams& common);

// The login name of the caller, "unknown" when the system knows none.
std::string caller_name();

// Becomes mail_owner, as a member of setgid_group, in the queue directory, when called by root; see
// jail.h.
void become_mail_owner(const config::CommonParams& common);

} // namespace service
