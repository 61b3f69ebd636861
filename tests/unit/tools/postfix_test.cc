// SPDX-License-Identifier: Apache-2.0
// postfix(1) and postlog(1): options, log rotation, and the rules for log files.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/config/maillog.h"
#include "tests/unit/temporary_directory.h"
#include "tools/postfix/commands.h"
#include "tools/postfix/logrotate.h"
#include "tools/postfix/post_install.h"
#include "tools/postfix/trees.h"
#include "tools/postlog/options.h"

namespace {

TEST(PostfixOptions, StopAtTheCommand)
{
    const char* words[] = {"postfix", "-v", "-c", "/etc/x/", "set-permissions", "-c=1"};
    std::string problem;
    auto options = postfix::parse_options(6, const_cast<char**>(words), problem);
    EXPECT_EQ(problem, "");
    EXPECT_EQ(options.config_directory, "/etc/x/");
    EXPECT_TRUE(options.verbose);
    EXPECT_EQ(options.words, (std::vector<std::string>{"set-permissions", "-c=1"}));
    postfix::parse_options(1, const_cast<char**>(words), problem);
    EXPECT_NE(problem, "");
}

TEST(PostInstall, TakesSettingsAndActionsInAnyOrder)
{
    auto parsed = postfix::parse_post_install(
        {"create-missing", "config_directory=/etc/x", "mail_owner=me", "upgrade-source"});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->config_directory, "/etc/x");
    EXPECT_EQ(parsed->settings, (std::vector<std::string>{"mail_owner=me"}));
    EXPECT_EQ(parsed->actions,
              (std::vector<postfix::PostInstallAction>{postfix::PostInstallAction::CreateMissing,
                                                       postfix::PostInstallAction::Upgrade}));
    EXPECT_FALSE(postfix::parse_post_install({}));
    EXPECT_FALSE(postfix::parse_post_install({"mail_owner=me"}));
    EXPECT_FALSE(postfix::parse_post_install({"create-all"}));
    EXPECT_FALSE(postfix::parse_post_install({"=x", "create-missing"}));
}

TEST(Trees, TellForeignOwnersAndWhoElseMayWrite)
{
    tests::TemporaryDirectory directory;
    const std::string open = directory.write("open", "");
    ::chmod(open.c_str(), 0664);
    std::filesystem::create_directory(directory.file("sub"));
    const std::string below = directory.write("sub/below", "");
    std::filesystem::create_symlink("/nonexistent", directory.file("link"));
    EXPECT_EQ(postfix::tree_faults(directory.path(), {::geteuid()}, "me"),
              (std::vector<std::string>{"group or other writable: " + open}));
    EXPECT_EQ(postfix::tree_faults(below, {::geteuid() + 1}, "you"),
              (std::vector<std::string>{"not owned by you: " + below}));
    EXPECT_TRUE(postfix::tree_faults(directory.file("none"), {}, "me").empty());
}

TEST(Trees, TellCopiesThatAreOld)
{
    tests::TemporaryDirectory jail;
    std::filesystem::create_directory(jail.file("etc"));
    EXPECT_TRUE(base::replace_file(jail.file("etc/not-on-this-system"), "x", 0644));
    std::filesystem::copy_file("/etc/passwd", jail.file("etc/passwd"));
    EXPECT_TRUE(postfix::stale_copies(jail.path()).empty());
    const std::string copy = jail.write("etc/passwd", "x");
    EXPECT_EQ(postfix::stale_copies(jail.path()),
              (std::vector<std::string>{copy + " and /etc/passwd differ"}));
}

TEST(PostlogOptions, JoinTheTextAndKnowThePriorities)
{
    const char* words[] = {"postlog", "-i", "-p", "WARN", "-t", "me", "two", "words"};
    auto options = postlog::parse_options(8, const_cast<char**>(words));
    ASSERT_TRUE(options);
    EXPECT_EQ(options->text, "two words");
    EXPECT_EQ(options->tag, "me");
    EXPECT_EQ(options->level, base::LogLevel::Warning);
    EXPECT_FALSE(postlog::parse_priority("loud"));
    EXPECT_FALSE(postlog::parse_options(3, const_cast<char**>(words)).ok());
}

TEST(MaillogFile, LiesBelowItsPrefixes)
{
    const struct {
        const char* path;
        bool want;
    } rows[] = {
        {"/var/log/maillog", true},
        {"/dev/stdout", true},
        {"/variable/log", false},
        {"/var", true},
        {"/var/../etc/passwd", false},
        {"var/log", false},
        {"/dev/stdout2", false},
        {"/etc/passwd", false},
        {"", false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(config::maillog_path_allowed(row.path, {"/var", "/dev/stdout"}), row.want)
            << row.path;
    EXPECT_TRUE(config::maillog_mode("0640"));
    EXPECT_FALSE(config::maillog_mode("0666"));
}

TEST(Logrotate, PutsTheFileAsideUnderItsTime)
{
    const tests::TemporaryDirectory folder;
    const std::string& directory = folder.path();
    config::CommonParams common;
    config::MaillogParams maillog;
    common.maillog_file.set(directory + "/log");
    maillog.maillog_file_prefixes.set({directory});
    maillog.maillog_file_rotate_suffix.set("%Y");
    base::WallTime now = base::from_unix_seconds(1'700'000'000);
    EXPECT_FALSE(postfix::put_log_aside(common, maillog, now)) << "there is no file";
    std::ofstream(directory + "/log") << "x";
    auto aside = postfix::put_log_aside(common, maillog, now);
    ASSERT_TRUE(aside) << aside.error().text;
    EXPECT_EQ(*aside, directory + "/log.2023");
    std::ofstream(directory + "/log") << "y";
    EXPECT_FALSE(postfix::put_log_aside(common, maillog, now)) << "would overwrite";
    maillog.maillog_file_rotate_suffix.set("/../x");
    EXPECT_FALSE(postfix::put_log_aside(common, maillog, now));
    common.maillog_file.set("/dev/stdout");
    EXPECT_EQ(postfix::put_log_aside(common, maillog, now).error().text,
              "not rotating '/dev/stdout'");
}

} // namespace
