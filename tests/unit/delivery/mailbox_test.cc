// SPDX-License-Identifier: Apache-2.0
// Mailbox files and Maildirs, written by a child with the user's rights: what is stored, what is
// refused, and what is left after a failure.
#include "lib/delivery/mbox.h"

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "lib/delivery/mailbox_lock.h"
#include "lib/delivery/maildir.h"
#include "lib/delivery/outcomes.h"
#include "lib/delivery/safe_file.h"
#include "tests/unit/delivery/child_fixture.h"

namespace delivery::test {
namespace {

using mail::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;
namespace fs = std::filesystem;

class MailboxTest : public ChildTest {
protected:
    MailboxTest() : message(memory_file(wire))
    {
        target.path = path("mbox");
        target.locks.styles = {false, true, true};
        target.locks.attempts = 3;
        target.locks.delay = milliseconds(20);
        maildir.directory = path("Maildir/");
    }

    MessageText text(TextRules rules = {}) const
    {
        return {message.number(), 0, wire.size(), "Head: x\n", std::move(rules)};
    }

    mail::Outcome as_user(std::function<mail::Outcome()> work, base::Duration limit = seconds(10))
    {
        return wait(
            deliver_as(loop, ChildSetup{rights(), limit, {message.number()}, {}}, std::move(work)));
    }
    mail::Outcome append()
    {
        return as_user([this] { return append_to_mbox(target, text(mbox_rules())); });
    }
    mail::Outcome store()
    {
        return as_user([this] { return store_in_maildir(maildir, text()); });
    }

    std::vector<fs::path> files(const std::string& where) const
    {
        std::vector<fs::path> list;
        for (const auto& entry : fs::directory_iterator(path(where)))
            list.push_back(entry.path());
        return list;
    }

    std::string wire = "Subject: x\r\n\r\nFrom here\r\nto there\r\n";
    std::string stored = "Head: x\nSubject: x\n\n>From here\nto there\n\n";
    base::Fd message;
    MboxTarget target;
    MaildirTarget maildir;
};

TEST_F(MailboxTest, IsMadePrivateAndAppendedTo)
{
    auto outcome = append();
    EXPECT_EQ(outcome.status, Status::Sent) << outcome.text;
    EXPECT_EQ(outcome.dsn, "2.0.0");
    EXPECT_EQ(outcome.text, "delivered to mailbox");
    EXPECT_EQ(contents(target.path), stored);
    struct stat status {};
    ASSERT_EQ(::stat(target.path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
    EXPECT_EQ(status.st_uid, rights().uid);
    EXPECT_EQ(append().status, Status::Sent);
    EXPECT_EQ(contents(target.path), stored + stored);
    EXPECT_FALSE(fs::exists(target.path + ".lock"));
}

TEST_F(MailboxTest, ThatIsALinkIsNotFollowed)
{
    const std::string precious = put("precious", "old");
    fs::create_symlink(precious, target.path);
    ASSERT_EQ(::lchown(target.path.c_str(), rights().uid, rights().gid), 0);
    auto outcome = append();
    EXPECT_EQ(outcome.status, Status::Bounced);
    EXPECT_EQ(outcome.text, "file is a symbolic link");
    EXPECT_EQ(contents(precious), "old");
    fs::remove(target.path);
    fs::create_hard_link(precious, target.path);
    outcome = append();
    EXPECT_EQ(outcome.text, "file has 2 hard links");
    EXPECT_EQ(contents(precious), "old");
}

TEST_F(MailboxTest, DanglingLinkMakesNoFile)
{
    fs::create_symlink(path("elsewhere"), target.path);
    ASSERT_EQ(::lchown(target.path.c_str(), rights().uid, rights().gid), 0);
    EXPECT_EQ(append().text, "file is a symbolic link");
    EXPECT_FALSE(fs::exists(path("elsewhere")));
}

TEST_F(MailboxTest, LinkOfRootsInADirectoryOfRootsIsTheAdministratorsWill)
{
    if (!root())
        GTEST_SKIP() << "needs root";
    const std::string real = put("real", "");
    fs::create_directory(path("spool"));
    target.path = path("spool/mbox");
    target.locks.styles.dotlock = false;
    fs::create_symlink(real, target.path);
    EXPECT_EQ(append().status, Status::Sent);
    EXPECT_EQ(contents(real), stored);
    ASSERT_EQ(::chmod(path("spool").c_str(), 0777), 0);
    EXPECT_EQ(append().text, "file is a symbolic link");
}

TEST_F(MailboxTest, ThatIsNoRegularFileIsRefusedWithoutWaiting)
{
    ASSERT_EQ(::mkfifo(target.path.c_str(), 0666), 0);
    EXPECT_EQ(append().text, "file is a pipe");
    fs::remove(target.path);
    fs::create_directory(target.path);
    EXPECT_EQ(append().text, "cannot open file: Is a directory");
    target.path = "/dev/null";
    auto outcome = append();
    EXPECT_EQ(outcome.dsn, "5.3.5");
    EXPECT_EQ(outcome.text, "mail system configuration error");
    EXPECT_TRUE(log.has("warning: destination /dev/null is not a regular file"));
    target.devices = true;
    EXPECT_EQ(append().status, Status::Sent);
}

TEST_F(MailboxTest, OfSomebodyElseIsRefusedWhenStrict)
{
    put("mbox", "old\n");
    target.owner = rights().uid + 1;
    target.failure_prefix = "cannot update mailbox M for user U. ";
    auto outcome = append();
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_EQ(outcome.dsn, "4.2.0");
    EXPECT_EQ(outcome.text, "cannot update mailbox M for user U. destination " + target.path +
                                " is not owned by recipient");
    EXPECT_EQ(contents(target.path), "old\n");
    target.owner = rights().uid;
    EXPECT_EQ(append().status, Status::Sent);
}

TEST_F(MailboxTest, ThatIsAProgramIsRefusedWhenTold)
{
    put("mbox", "#!/bin/sh\n");
    ::chmod(target.path.c_str(), 0755);
    target.refuse_executable = true;
    EXPECT_EQ(append().text, "file is executable");
    EXPECT_EQ(contents(target.path), "#!/bin/sh\n");
}

TEST_F(MailboxTest, HasItsOldLengthWhenTheLimitIsPassed)
{
    put("mbox", "old\n");
    target.size_limit = 4 + stored.size() - 1;
    auto outcome = append();
    EXPECT_EQ(outcome.status, Status::Bounced);
    EXPECT_EQ(outcome.dsn, "5.2.2");
    EXPECT_EQ(outcome.text, "error writing message: File too large");
    EXPECT_EQ(contents(target.path), "old\n");
    target.size_limit = 4;
    EXPECT_EQ(append().dsn, "5.2.2");
    target.size_limit = 4 + stored.size();
    EXPECT_EQ(append().status, Status::Sent);
}

TEST_F(MailboxTest, HasItsOldLengthWhenTheSystemStopsTheWriting)
{
    put("mbox", "old\n");
    auto outcome = as_user([this] {
        const rlimit limit{20, 20};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        return append_to_mbox(target, text(mbox_rules()));
    });
    EXPECT_EQ(outcome.dsn, "5.2.2");
    EXPECT_EQ(contents(target.path), "old\n");
}

TEST_F(MailboxTest, HasItsOldLengthWhenTheQueueFileEndsEarly)
{
    put("mbox", "old\n");
    auto outcome = as_user([this] {
        MessageText longer = text();
        longer.size += 1;
        return append_to_mbox(target, longer);
    });
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_EQ(contents(target.path), "old\n");
}

TEST_F(MailboxTest, WaitsForLocksAndDefers)
{
    put("mbox", "old\n");
    const base::Fd held{::open(target.path.c_str(), O_RDWR)};
    struct flock lock {};
    lock.l_type = F_WRLCK;
    ASSERT_EQ(::fcntl(held.number(), F_SETLK, &lock), 0);
    auto outcome = append();
    EXPECT_EQ(outcome.dsn, "4.2.0");
    EXPECT_EQ(outcome.text,
              "unable to lock for exclusive access: Resource temporarily unavailable");
    target.locks.styles = {true, false, false};
    EXPECT_EQ(append().status, Status::Sent);
    ASSERT_EQ(::flock(held.number(), LOCK_EX), 0);
    EXPECT_EQ(append().dsn, "4.2.0");
}

TEST_F(MailboxTest, HonoursDotlocksUntilTheyAreStale)
{
    put("mbox.lock", "");
    auto outcome = append();
    EXPECT_EQ(outcome.dsn, "4.2.0");
    EXPECT_EQ(outcome.text, "unable to create lock file " + target.path + ".lock: File exists");
    EXPECT_TRUE(fs::exists(target.path + ".lock"));
    target.locks.stale = seconds(500);
    const timespec old[2] = {{1'000'000, 0}, {1'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path("mbox.lock").c_str(), old, 0), 0);
    EXPECT_EQ(append().status, Status::Sent);
    EXPECT_FALSE(fs::exists(target.path + ".lock"));
}

TEST_F(MailboxTest, NeedsItsDotlockUnlessThatMayFail)
{
    if (!root())
        GTEST_SKIP() << "needs root";
    fs::create_directory(path("closed"));
    const std::string file = put("closed/mbox", "");
    target.path = file;
    auto outcome = append();
    EXPECT_EQ(outcome.text, "unable to create lock file " + file + ".lock: Permission denied");
    target.locks.dotlock_may_fail = true;
    EXPECT_EQ(append().status, Status::Sent);
    EXPECT_TRUE(log.has("warning: unable to create lock file"));
}

TEST_F(MailboxTest, GivesUpItsLocksAndItsWorkAtTheTimeLimit)
{
    put("mbox.lock", "");
    target.locks.delay = seconds(60);
    auto outcome = as_user([this] { return append_to_mbox(target, text()); }, milliseconds(100));
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_EQ(contents(target.path), "");
}

TEST(LockStyles, AreReadFromWords)
{
    EXPECT_EQ(*parse_lock_styles({"fcntl", "dotlock"}), (LockStyles{false, true, true}));
    EXPECT_EQ(*parse_lock_styles({"flock"}), (LockStyles{true, false, false}));
    EXPECT_FALSE(parse_lock_styles({"fcntl", "lockf"}));
    EXPECT_FALSE(parse_lock_styles({}));
}

TEST_F(MailboxTest, MaildirIsMadeAndHoldsTheMessage)
{
    auto outcome = store();
    EXPECT_EQ(outcome.status, Status::Sent) << outcome.text;
    EXPECT_EQ(outcome.text, "delivered to maildir");
    ASSERT_EQ(files("Maildir/new").size(), 1u);
    EXPECT_TRUE(files("Maildir/tmp").empty());
    EXPECT_TRUE(files("Maildir/cur").empty());
    const std::string file = files("Maildir/new").front();
    EXPECT_EQ(contents(file), "Head: x\nSubject: x\n\nFrom here\nto there\n");
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
    EXPECT_EQ(status.st_nlink, 1u);
    for (const char* part : {"Maildir", "Maildir/new", "Maildir/tmp", "Maildir/cur"}) {
        ASSERT_EQ(::stat(path(part).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0700u) << part;
    }
}

TEST_F(MailboxTest, MaildirNamesAreTimeNumbersAndHost)
{
    store();
    const std::string name = files("Maildir/new").front().filename();
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    unsigned long time = 0, device = 0, inode = 0, micro = 0;
    int used = 0;
    ASSERT_EQ(
        std::sscanf(name.c_str(), "%lu.V%lxI%lxM%lu.%n", &time, &device, &inode, &micro, &used), 4);
    struct stat status {};
    ASSERT_EQ(::stat((path("Maildir/new/") + name).c_str(), &status), 0);
    EXPECT_EQ(inode, status.st_ino);
    EXPECT_EQ(device, status.st_dev);
    EXPECT_EQ(name.substr(static_cast<std::size_t>(used)), host);
}

TEST_F(MailboxTest, MaildirsTakeManyAtATime)
{
    auto outcome = as_user([this] {
        for (int i = 0; i < 50; ++i)
            if (auto one = store_in_maildir(maildir, text()); one.status != Status::Sent)
                return one;
        return outcome_of("2.0.0", "all");
    });
    EXPECT_EQ(outcome.text, "all");
    EXPECT_EQ(files("Maildir/new").size(), 50u);
}

TEST_F(MailboxTest, MaildirHasNoPartOfAMessageAfterAFailure)
{
    maildir.size_limit = 20;
    auto outcome = store();
    EXPECT_EQ(outcome.dsn, "5.2.2");
    EXPECT_EQ(outcome.text, "maildir delivery failed: error writing message: File too large");
    EXPECT_TRUE(files("Maildir/tmp").empty());
    EXPECT_FALSE(fs::exists(path("Maildir/new")) && !files("Maildir/new").empty());
    maildir.size_limit = 0;
    outcome = as_user([this] {
        MessageText longer = text();
        longer.size += 1;
        return store_in_maildir(maildir, longer);
    });
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_TRUE(files("Maildir/tmp").empty());
}

TEST_F(MailboxTest, MaildirOfSomebodyElseIsExplained)
{
    if (!root())
        GTEST_SKIP() << "needs root";
    fs::create_directories(path("Maildir/tmp"));
    auto outcome = store();
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_EQ(outcome.dsn, "4.2.0");
    EXPECT_TRUE(outcome.text.starts_with("maildir delivery failed: create maildir file " +
                                         path("Maildir/tmp/")));
    EXPECT_TRUE(outcome.text.ends_with(": Permission denied"));
    EXPECT_TRUE(log.has("warning: maildir access problem for UID/GID=65534/65534: "));
    EXPECT_TRUE(log.has("perhaps you need to create the maildirs in advance"));
}

TEST_F(MailboxTest, MaildirWhoseNewIsNoDirectoryKeepsNothing)
{
    (void)run([this] {
        fs::create_directories(path("Maildir/tmp"));
        std::ofstream(path("Maildir/new")) << "file";
        return std::string();
    });
    auto outcome = store();
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_TRUE(files("Maildir/tmp").empty());
    EXPECT_EQ(contents(path("Maildir/new")), "file");
}

} // namespace
} // namespace delivery::test
