// SPDX-License-Identifier: Apache-2.0
// Work as a user: rights, descriptors, time limit, and what becomes of children.
#include "lib/delivery/child.h"

#include <csignal>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/delivery/rights.h"
#include "lib/delivery/user.h"
#include "tests/unit/delivery/child_fixture.h"

namespace delivery::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string open_descriptors()
{
    std::string list;
    for (int fd = 0; fd < 1024; ++fd)
        if (::fcntl(fd, F_GETFD) >= 0)
            list += std::to_string(fd) + " ";
    return list;
}

class Child : public ChildTest {};

TEST_F(Child, GivesBackWhatTheWorkReturned)
{
    auto said = run([] { return std::string("a\0b", 3); });
    ASSERT_TRUE(said) << said.error().text;
    EXPECT_EQ(*said, std::string("a\0b", 3));
}

TEST_F(Child, GivesBackLongResults)
{
    auto said = run([] { return std::string(child_result_limit, 'x'); });
    ASSERT_TRUE(said);
    EXPECT_EQ(said->size(), child_result_limit);
    EXPECT_FALSE(run([] { return std::string(child_result_limit + 1, 'x'); }));
}

TEST_F(Child, HasTheRightsOfTheUserAndNoOthers)
{
    if (!root())
        GTEST_SKIP() << "needs root";
    auto said = run([] {
        uid_t r = 0, e = 0, s = 0;
        gid_t gr = 0, ge = 0, gs = 0;
        ::getresuid(&r, &e, &s);
        ::getresgid(&gr, &ge, &gs);
        return base::cat(r, " ", e, " ", s, " ", gr, " ", ge, " ", gs, " groups ",
                         ::getgroups(0, nullptr), " dumpable ",
                         ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), " root ", ::setuid(0), ::seteuid(0),
                         ::setgid(0), ::open("/etc/shadow", O_RDONLY));
    });
    ASSERT_TRUE(said) << said.error().text;
    EXPECT_EQ(*said, "65534 65534 65534 65534 65534 65534 groups 0 dumpable 0 root -1-1-1-1");
}

TEST_F(Child, TakesSupplementaryGroupsWhenTold)
{
    if (!root())
        GTEST_SKIP() << "needs root";
    ChildSetup setup{{nobody_id, nobody_id, {8, 12}}, seconds(5), {}, {}};
    auto said = wait(run_as(loop, setup, [] {
        gid_t groups[8];
        std::string list;
        for (int i = 0, n = ::getgroups(8, groups); i < n; ++i)
            list += base::cat(groups[i], " ");
        return list;
    }));
    ASSERT_TRUE(said);
    EXPECT_EQ(*said, "8 12 ");
}

TEST_F(Child, IsNeverRootNorOfGroupZero)
{
    const Rights refused[] = {{0, 100, {}},
                              {100, 0, {}},
                              {100, 100, {0}},
                              {nobody_id, nobody_id, {5, 0}},
                              {static_cast<uid_t>(-1), 100, {}},
                              {100, static_cast<gid_t>(-1), {}}};
    for (const auto& rights : refused) {
        auto said = wait(run_as(loop, ChildSetup{rights, seconds(5), {}, {}},
                                [] { return std::string("ran"); }));
        ASSERT_FALSE(said) << rights.uid << " " << rights.gid;
        EXPECT_TRUE(said.error().temporary());
    }
}

TEST_F(Child, DoesNoWorkWhenItsRightsCannotBeTaken)
{
    if (!root())
        GTEST_SKIP() << "needs root";
    // A child that has no rights to give cannot become somebody else: the calls fail.
    auto outer = run([this] {
        events::Loop inner;
        const std::string marker = path("marker");
        auto limited = take_rights({nobody_id - 1, nobody_id - 1, {}});
        return std::string(limited ? "became another" : "stayed: " + limited.error().text);
    });
    ASSERT_TRUE(outer);
    EXPECT_EQ(*outer, "stayed: setgroups: Operation not permitted");
}

TEST_F(Child, HasOnlyTheDescriptorsItWasGiven)
{
    const base::Fd secret{::open("/dev/null", O_RDONLY)};
    const base::Fd message{::open("/dev/null", O_RDONLY)};
    auto said = run(open_descriptors, seconds(5), {message.number()});
    ASSERT_TRUE(said);
    std::string want = base::cat("0 1 2 ", message.number(), " ");
    // Beside them there is the pipe on which it answers.
    EXPECT_EQ(said->substr(0, want.size()), want);
    EXPECT_EQ(std::count(said->begin(), said->end(), ' '), 5) << *said;
}

TEST_F(Child, MakesPrivateFilesAndHasDefaultSignals)
{
    ::signal(SIGHUP, SIG_IGN);
    auto said = run([this] {
        const base::Fd made{::open(path("made").c_str(), O_CREAT | O_WRONLY, 0666)};
        struct sigaction action {};
        ::sigaction(SIGHUP, nullptr, &action);
        sigset_t blocked;
        ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
        return base::cat(action.sa_handler == SIG_DFL ? "default" : "other", " ",
                         ::sigisemptyset(&blocked));
    });
    ::signal(SIGHUP, SIG_DFL);
    ASSERT_TRUE(said);
    EXPECT_EQ(*said, "default 1");
    struct stat status {};
    ASSERT_EQ(::stat(path("made").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(status.st_uid, rights().uid);
}

TEST_F(Child, LeavesTheLoopFreeWhileItBlocks)
{
    std::optional<base::Result<std::string>> slow;
    base::Scope scope;
    scope.spawn(store(run_as(loop, ChildSetup{rights(), seconds(10), {}, {}},
                             [] {
                                 ::usleep(300'000);
                                 return std::string("slow");
                             }),
                      slow));
    auto quick = run([] { return std::string("quick"); });
    ASSERT_TRUE(quick);
    EXPECT_FALSE(slow.has_value());
    turn_until(slow);
    EXPECT_EQ(**slow, "slow");
}

TEST_F(Child, IsAskedToStopAtTheTimeLimitAndSaysWhatItDid)
{
    auto said = run(
        [] {
            while (!told_to_stop())
                ::usleep(20'000'000);
            return std::string("undone");
        },
        milliseconds(100));
    ASSERT_TRUE(said) << said.error().text;
    EXPECT_EQ(*said, "undone");
}

TEST_F(Child, IsKilledWhenItDoesNotStop)
{
    ChildSetup setup{rights(), milliseconds(100), {}, {}, milliseconds(100)};
    auto said = wait(run_as(loop, setup, [] {
        ::signal(SIGTERM, SIG_IGN);
        ::usleep(60'000'000);
        return std::string("late");
    }));
    ASSERT_FALSE(said);
    EXPECT_TRUE(said.error().temporary());
    EXPECT_EQ(said.error().text, "time limit exceeded");
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a zombie is left";
}

TEST_F(Child, ThatDiesIsATemporaryErrorAndNoZombie)
{
    auto killed = run([] {
        ::kill(::getpid(), SIGKILL);
        return std::string("never");
    });
    ASSERT_FALSE(killed);
    EXPECT_TRUE(killed.error().temporary());
    EXPECT_EQ(killed.error().text, "the delivery process ended with signal 9");
    auto ended = run([] {
        ::_exit(3);
        return std::string("never");
    });
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().text, "the delivery process ended with status 3");
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(Child, LogsThroughItsParent)
{
    auto said = run([] {
        base::Log{"ID: "}.warning("mailbox is strange");
        return std::string();
    });
    ASSERT_TRUE(said);
    EXPECT_TRUE(log.has("warning: ID: mailbox is strange"));
}

TEST_F(Child, ThatIsLeftIsStoppedAndReapedLater)
{
    const ChildSetup setup{rights(), seconds(60), {}, {}};
    const std::string undone = path("undone");
    const auto work = [&undone] {
        while (!told_to_stop())
            ::usleep(100'000);
        std::ofstream(undone) << "x";
        return std::string();
    };
    std::optional<base::Result<std::string>> said;
    auto scope = std::make_unique<base::Scope>();
    scope->spawn(store(run_as(loop, setup, work), said));
    loop.turn(milliseconds(200));
    scope.reset();
    for (int i = 0; i < 100 && !std::filesystem::exists(undone); ++i)
        ::usleep(20'000);
    EXPECT_TRUE(std::filesystem::exists(undone));
    ::usleep(50'000);
    ASSERT_TRUE(run([] { return std::string(); }));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(User, IsFoundByNameAndNumberOrUnknown)
{
    auto root = find_user("root");
    ASSERT_TRUE(root);
    ASSERT_TRUE(root->has_value());
    EXPECT_EQ((*root)->uid, 0u);
    EXPECT_EQ((*root)->home, "/root");
    auto same = find_user(uid_t{0});
    ASSERT_TRUE(same);
    EXPECT_EQ(*same, *root);
    for (const std::string name : {"", "no such user", "root\0x"}) {
        auto none = find_user(name == "root" ? std::string("root\0x", 6) : name);
        ASSERT_TRUE(none);
        EXPECT_FALSE(none->has_value()) << name;
    }
    auto group = find_group("root");
    ASSERT_TRUE(group);
    EXPECT_EQ(**group, 0u);
}

} // namespace
} // namespace delivery::test
