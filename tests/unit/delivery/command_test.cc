// SPDX-License-Identifier: Apache-2.0
// Commands: how they are run, what they see, and what their end means.
#include "lib/delivery/command.h"

#include <csignal>
#include <sys/wait.h>

#include "tests/unit/delivery/child_fixture.h"

namespace delivery::test {
namespace {

using mail::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

class CommandTest : public ChildTest {
protected:
    CommandTest() : message(memory_file(wire)) { ::signal(SIGPIPE, SIG_IGN); }

    CommandSetup setup(Command command) const
    {
        CommandSetup all;
        all.command = std::move(command);
        all.child.rights = rights();
        all.child.limit = seconds(10);
        all.environment = exported_environment({});
        all.input = {message.number(), 0, wire.size(), "Head: x\n", {}};
        return all;
    }
    static Command shell(const std::string& line) { return {{"/bin/sh", "-c", line}, {}, {}}; }

    CommandEnd run(CommandSetup all)
    {
        auto end = wait(run_command(loop, std::move(all)));
        EXPECT_TRUE(end.ok());
        return end ? std::move(*end) : CommandEnd{};
    }
    CommandEnd run(const std::string& line) { return run(setup(shell(line))); }
    mail::Outcome outcome(const Command& command)
    {
        return command_outcome(command, run(setup(command)));
    }

    std::string wire = "Subject: x\r\n\r\nbody\r\n";
    base::Fd message;
};

TEST_F(CommandTest, GetsHeadAndMessageInLocalForm)
{
    auto end = run("cat > " + path("got"));
    EXPECT_EQ(end.status, 0);
    EXPECT_EQ(contents(path("got")), "Head: x\nSubject: x\n\nbody\n");
}

TEST_F(CommandTest, IsTheUserWithAnEnvironmentOfItsOwn)
{
    ::setenv("SECRET", "s", 1);
    ::setenv("TZ", "UTC", 1);
    auto all = setup(shell("id -u; id -g; id -G; env | sort | grep -v ^_= | grep -v ^PWD; pwd"));
    all.environment = exported_environment({"TZ", "NOSUCH", "A=b c", "{ D = e f }", "PATH"});
    all.directory = "/";
    auto end = run(all);
    const auto id = rights();
    EXPECT_EQ(end.output, base::cat(id.uid, " ", id.gid, " ", id.gid,
                                    " A=b c D=e f PATH=/usr/bin:/bin TZ=UTC / "));
}

TEST_F(CommandTest, HasOnlyThreeDescriptors)
{
    const base::Fd secret{::dup(message.number())};
    EXPECT_EQ(run("ls /proc/self/fd | tr '\\n' ' '").output, "0 1 2 3 ") << "3 is that of ls";
}

TEST_F(CommandTest, WordsNeverSeeAShell)
{
    auto end = run(setup({{"/bin/echo", "$(id);`id`|id", "", "*", "-x"}, {}, {}}));
    EXPECT_EQ(end.output, "$(id);`id`|id  * -x ");
}

TEST_F(CommandTest, LinesSeeAShellOnlyWhenTheyNeedOne)
{
    EXPECT_EQ(run(setup({{}, "ps -o args= -p $$", {}})).output, "sh -c ps -o args= -p $$ ");
    EXPECT_EQ(run(setup({{}, "echo a  b", {}})).output, "a b ");
    EXPECT_EQ(run(setup({{}, "exit 3", {}})).status >> 8, 3) << "a built-in command";
    EXPECT_EQ(run(setup({{}, "echo a | cat; echo b", {}})).output, "a b ");
    EXPECT_EQ(run(setup({{}, "echo a", "/bin/echo -n with"})).output, "with echo a");
}

TEST_F(CommandTest, MayLeaveItsInputAlone)
{
    wire.assign(1'000'000, 'x');
    message = memory_file(wire);
    EXPECT_EQ(run("exit 0").status, 0);
    EXPECT_EQ(run("exec <&-; sleep 0.1; exit 0").status, 0);
    EXPECT_EQ(run("head -c 10 >/dev/null").status, 0);
}

TEST_F(CommandTest, MaySayAnyAmountAndItsBeginningIsKept)
{
    auto end = run("head -c 50000000 /dev/zero | tr '\\0' y; echo end");
    EXPECT_EQ(end.status, 0);
    EXPECT_EQ(end.output, std::string(command_output_limit, 'y'));
    EXPECT_EQ(run("printf 'a\\tb\\nc\\001d\\033e'").output, "a b c_d_e");
}

TEST_F(CommandTest, MayCloseItsOutput)
{
    EXPECT_EQ(run("exec >&- 2>&-; sleep 0.2; exit 7").status >> 8, 7);
}

TEST_F(CommandTest, IsKilledWithAllItsChildrenAtTheTimeLimit)
{
    auto all = setup(shell("trap '' TERM; (trap '' TERM; sleep 30; echo x > " + path("late") +
                           ") & echo $!; echo told; sleep 30"));
    all.child.limit = milliseconds(300);
    auto end = run(all);
    EXPECT_TRUE(end.timed_out);
    const auto result = command_outcome(all.command, end);
    EXPECT_EQ(result.dsn, "5.3.0");
    EXPECT_TRUE(
        result.text.starts_with("Command time limit exceeded: \"/bin/sh\". Command output: "));
    const int child = std::stoi(end.output);
    ::usleep(50'000);
    EXPECT_TRUE(::kill(child, 0) != 0 ||
                contents(base::cat("/proc/", child, "/stat")).find(") Z ") != std::string::npos);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a zombie is left";
}

TEST_F(CommandTest, ThatGoesToTheBackgroundIsDone)
{
    const auto before = std::chrono::steady_clock::now();
    auto end = run("setsid sleep 5 & echo started");
    EXPECT_EQ(end.output, "started ");
    EXPECT_EQ(end.status, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(3));
}

TEST_F(CommandTest, IsNotRunWithoutItsDirectory)
{
    auto all = setup(shell("echo ran"));
    all.directory = path("nowhere");
    auto end = run(all);
    const auto result = command_outcome(all.command, end);
    EXPECT_EQ(result.status, Status::Deferred);
    EXPECT_NE(result.text.find("cannot change directory to \"" + all.directory + "\" for uid="),
              std::string::npos)
        << result.text;
    EXPECT_EQ(result.text.find("ran"), std::string::npos);
}

TEST_F(CommandTest, ThatIsMissingIsATemporaryFailure)
{
    const std::pair<Command, std::string> cases[] = {
        {{{"/no/such/program", "x"}, {}, {}, "pipe"}, "pipe: fatal: pipe_command: "},
        {{{}, "/no/such/program x", {}, "local"}, "local: fatal: "},
        {{{}, "x", "/no/such/program -c", "local"}, "local: fatal: pipe_command: "}};
    for (const auto& [command, who] : cases) {
        const auto result = outcome(command);
        EXPECT_EQ(result.status, Status::Deferred);
        EXPECT_EQ(result.text, "temporary failure. Command output: " + who +
                                   "execvp /no/such/program: No such file or directory ");
    }
}

TEST_F(CommandTest, WritesNoFileBeyondTheLimit)
{
    auto all = setup(shell("f=$(mktemp); head -c 3000 /dev/zero > $f; wc -c < $f; rm $f"));
    all.file_limit = 2000;
    EXPECT_EQ(run(all).output, "head: write error: File too large 2000 ");
}

TEST_F(CommandTest, IsDeferredWhenTheQueueFileCannotBeRead)
{
    auto all = setup(shell("cat >/dev/null"));
    all.input.size += 10;
    auto end = wait(run_command(loop, all));
    ASSERT_FALSE(end);
    EXPECT_TRUE(end.error().temporary());
}

TEST_F(CommandTest, IsNeverRunAsRoot)
{
    auto all = setup(shell("id"));
    for (const bool roots_mailbox : {false, true}) {
        all.child.rights = {0, 0, {}, roots_mailbox};
        EXPECT_FALSE(wait(run_command(loop, all)));
    }
}

TEST_F(CommandTest, EndMeansWhatSysexitsSays)
{
    struct Case {
        std::string line;
        std::string dsn, text, reply = {};
    };
    const Case cases[] = {
        {"exit 0", "2.0.0", ""},
        {"echo queued; exit 0", "2.0.0", "queued "},
        {"exit 64", "5.3.0", "command line usage error"},
        {"exit 65", "5.6.0", "data format error"},
        {"exit 67", "5.1.1", "user unknown"},
        {"exit 68", "5.1.2", "host name unknown"},
        {"exit 71", "4.3.0", "system resource problem"},
        {"exit 73", "5.2.0", "can't create user output file"},
        {"echo try later; exit 75", "4.3.0", "temporary failure. Command output: try later ",
         "try later"},
        {"exit 77", "5.7.0", "permission denied"},
        {"exit 78", "5.3.5", "local configuration error"},
        {"exit 63", "5.3.0", "Command died with status 63: \"/bin/sh\"",
         "unknown mail system error 63"},
        {"echo no; exit 1", "5.3.0", "Command died with status 1: \"/bin/sh\". Command output: no ",
         "no"},
        {"echo 4.7.1 come again; exit 1", "4.7.1", "come again ", "come again"},
        {"echo 5.2.2 full; exit 75", "5.2.2", "full ", "full"},
        {"echo 5.1.1; exit 1", "5.1.1", "", "5.1.1"},
        {"echo 2.1.1 strange; exit 67", "5.1.1", "user unknown. Command output: 2.1.1 strange ",
         "strange"},
        {"echo 5.x.2 no code; exit 67", "5.1.1", "user unknown. Command output: 5.x.2 no code ",
         "5.x.2 no code"},
        {"kill -9 $$", "4.3.0", "Command died with signal 9: \"/bin/sh\"",
         "internal software error"},
        {"echo 4.7.1 x; kill -11 $$", "4.3.0",
         "Command died with signal 11: \"/bin/sh\". Command output: 4.7.1 x ", "x"},
    };
    for (const auto& test : cases) {
        const auto result = outcome(shell(test.line));
        EXPECT_EQ(result.dsn, test.dsn) << test.line;
        EXPECT_EQ(result.text, test.text) << test.line;
        const std::string meant = test.dsn[0] == '2' ? "" : test.text;
        EXPECT_EQ(result.reply, test.reply.empty() ? meant : test.reply) << test.line;
    }
}

} // namespace
} // namespace delivery::test
