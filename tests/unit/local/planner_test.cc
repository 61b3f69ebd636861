// SPDX-License-Identifier: Apache-2.0
#include "local/planner.h"

#include <gtest/gtest.h>

#include "lib/base/log_sinks.h"
#include "tests/unit/local/fake_host.h"

namespace {

using local::Origin;
using local::Part;
using local::Plan;

// One line per thing in the plan: "mailbox fred", "forward u@r.test from S delivered-to D", ...
std::string describe(const Part& part)
{
    const std::string user = part.user == nullptr ? "-" : part.user->name;
    switch (part.kind) {
    case Part::Kind::Mailbox: return "mailbox " + user;
    case Part::Kind::File: return "file " + part.text + " as " + user;
    case Part::Kind::Command: return "command " + part.text + " as " + user;
    case Part::Kind::Handover: return "handover " + part.text + " " + part.recipient.address;
    case Part::Kind::Settled: return part.outcome.dsn + " " + part.outcome.text;
    }
    return {};
}

std::vector<std::string> describe(const Plan& plan)
{
    std::vector<std::string> lines;
    for (const auto& part : plan.parts)
        lines.push_back(describe(part));
    for (const auto& forward : plan.forwards)
        for (const auto& recipient : forward.recipients)
            lines.push_back("forward " + recipient.address + " from " + forward.sender +
                            " delivered-to " + forward.delivered_to);
    return lines;
}

class PlannerTest : public ::testing::Test {
protected:
    PlannerTest()
    {
        before_ = base::set_log_sink(&log_);
        settings.service = "local";
        settings.delimiters = "+";
        settings.commands_in = {Origin::Alias, Origin::Forward};
        settings.files_in = {Origin::Alias, Origin::Forward};
        settings.forward_path = {"$home/.forward${recipient_delimiter}${extension}",
                                 "$home/.forward"};
        host.add_user("root", 0);
        host.add_user("fred", 1001);
        host.add_user("wilma", 1002);
    }
    ~PlannerTest() override { base::set_log_sink(before_); }

    static base::Task<void> run(local::Planner& planner, local::Context start, Plan& plan)
    {
        plan = co_await planner.plan(std::move(start));
    }

    Plan plan(const std::string& address)
    {
        local::Planner::LoopCheck check = [this](const std::string& a) { return a == looped; };
        local::Planner planner(settings, host, check);
        local::Context start = asked;
        start.recipient.address = start.recipient.original = address;
        start.sender = "s@r.test";
        Plan made;
        base::Scope scope;
        scope.spawn(run(planner, std::move(start), made));
        return made;
    }

    using Lines = std::vector<std::string>;
    Lines lines(const std::string& address) { return describe(plan(address)); }

    local::FakeHost host;
    local::Settings settings;
    local::Context asked;
    std::string looped;
    base::MemoryLogSink log_;

private:
    base::LogSink* before_;
};

TEST_F(PlannerTest, UsersHaveMailboxes)
{
    EXPECT_EQ(lines("fred@x.test"), (Lines{"mailbox fred"}));
    EXPECT_EQ(lines("Fred+Foo@x.test"), (Lines{"mailbox fred"}));
    EXPECT_EQ(lines("barney@x.test"), (Lines{"5.1.1 unknown user: \"barney\""}));
    EXPECT_EQ(lines("@x.test"), (Lines{"5.1.3 null username in \"@x.test\""}));
    EXPECT_FALSE(plan("fred@x.test").expanded);
    EXPECT_EQ(plan("Fred+Foo@x.test").parts[0].delivered_to, "Fred+Foo@x.test");
    EXPECT_EQ(plan("Fred+Foo@x.test").parts[0].names.extension, "foo");
}

TEST_F(PlannerTest, FollowsAliases)
{
    struct Case {
        const char* name;
        const char* value;
        Lines want;
    };
    const Case cases[] = {
        {"one user", "fred", {"mailbox fred"}},
        {"two", "fred, wilma@x.test", {"mailbox fred", "mailbox wilma"}},
        {"twice the same", "fred, Fred@x.test, b1", {"mailbox fred"}},
        {"elsewhere",
         "u@r.test, v@r.test",
         {"forward u@r.test from s@r.test delivered-to a@x.test",
          "forward v@r.test from s@r.test delivered-to a@x.test"}},
        {"nested", "b2", {"command cat as -", "mailbox wilma"}},
        {"itself", "a, fred", {"5.1.1 unknown user: \"a\"", "mailbox fred"}},
        {"a loop", "b4", {"5.4.6 alias database loop for b4"}},
        {"files", "/v/x, ~/y", {"file /v/x as -", "5.3.5 mail system configuration error"}},
        {"an empty command", "|", {"5.3.5 mail system configuration error"}},
        {"nobody", "<>", {"4.3.0 alias database unavailable"}},
        {"bad syntax", "a..b@x.test", {"5.1.3 bad recipient address syntax: a..b@x.test"}},
        {"unknown", "barney", {"5.1.1 unknown user: \"barney\""}},
    };
    host.add_alias("b1", "fred");
    host.add_alias("b2", "\"|cat\", b3");
    host.add_alias("b3", "wilma");
    host.add_alias("b4", "a");
    for (const auto& c : cases) {
        host.add_alias("a", c.value);
        EXPECT_EQ(lines("a@x.test"), c.want) << c.name;
        EXPECT_TRUE(plan("a@x.test").expanded) << c.name;
    }
}

TEST_F(PlannerTest, AnAliasOfAUserInItselfMeansTheUser)
{
    host.add_alias("fred", "fred, \\fred, wilma");
    EXPECT_EQ(lines("fred@x.test"), (Lines{"mailbox fred", "mailbox wilma"}));
}

TEST_F(PlannerTest, AliasesGoByExtensionFirst)
{
    host.add_alias("fred+foo", "wilma");
    host.add_alias("wilma", "u@r.test");
    EXPECT_EQ(lines("fred+foo@x.test"),
              (Lines{"forward u@r.test from s@r.test delivered-to fred+foo@x.test"}));
    EXPECT_EQ(lines("wilma+foo@x.test"),
              (Lines{"forward u@r.test from s@r.test delivered-to wilma+foo@x.test"}));
    settings.propagate_alias = true;
    EXPECT_EQ(lines("wilma+foo@x.test"),
              (Lines{"forward u+foo@r.test from s@r.test delivered-to wilma+foo@x.test"}));
    EXPECT_EQ(lines("fred+a/b@x.test"), (Lines{"mailbox fred"}));
}

TEST_F(PlannerTest, OwnersTakeOverLists)
{
    asked.envid = "E";
    asked.recipient.dsn_orcpt = "rfc822;list@x.test";
    host.add_alias("list", "fred, u@r.test, \"|archive\"");
    host.add_alias("owner-list", "wilma");
    const auto made = plan("list@x.test");
    EXPECT_EQ(describe(made),
              (Lines{"command archive as -",
                     "forward fred@x.test from owner-list@x.test delivered-to list@x.test",
                     "forward u@r.test from owner-list@x.test delivered-to list@x.test"}));
    EXPECT_TRUE(made.list);
    EXPECT_EQ(made.parts[0].sender, "owner-list@x.test");
    EXPECT_EQ(made.forwards[0].envid, "");
    EXPECT_EQ(made.forwards[0].recipients[0].original, "fred@x.test");
    EXPECT_EQ(made.forwards[0].recipients[0].dsn_orcpt, "");
    settings.expand_owner = true;
    EXPECT_EQ(plan("list@x.test").forwards[0].sender, "wilma@x.test");
    settings.owner_special = false;
    EXPECT_EQ(plan("list@x.test").forwards[0].sender, "s@r.test");
    EXPECT_FALSE(plan("list@x.test").list);
}

TEST_F(PlannerTest, KeepsWhatWasAskedOfNotices)
{
    asked.envid = "E";
    asked.recipient.dsn_orcpt = "rfc822;a@x.test";
    host.add_alias("a", "u@r.test");
    struct Case {
        std::uint8_t given, want;
    };
    using namespace mail::notify;
    for (const Case& c : {Case{0, 0}, Case{success, never}, Case{success | failure, failure},
                          Case{never, never}, Case{delay, delay}}) {
        asked.recipient.dsn_notify = c.given;
        const auto made = plan("a@x.test");
        EXPECT_EQ(made.forwards[0].recipients[0].dsn_notify, c.want);
        EXPECT_EQ(made.forwards[0].recipients[0].dsn_orcpt, "rfc822;a@x.test");
        EXPECT_EQ(made.forwards[0].recipients[0].original, "a@x.test");
        EXPECT_EQ(made.forwards[0].envid, "E");
    }
}

TEST_F(PlannerTest, RightsAreTheTablesOwners)
{
    host.add_alias("a", "\"|cmd\", ~/box", 1002);
    EXPECT_EQ(lines("a@x.test"), (Lines{"command cmd as wilma", "file /home/wilma/box as wilma"}));
    host.add_alias("a", "|cmd", 4711);
    EXPECT_EQ(lines("a@x.test"), (Lines{"4.3.0 cannot find alias database owner"}));
    host.add_alias("a", "|cmd", std::nullopt);
    EXPECT_EQ(lines("a@x.test"), (Lines{"4.3.0 mail system configuration error"}));
}

TEST_F(PlannerTest, FollowsForwardFiles)
{
    host.files["/home/fred/.forward"].text = "# mine\n\\fred, \"|/usr/bin/vacation fred\"\n~/copy";
    host.files["/home/fred/.forward+foo"].text = "u@r.test, wilma";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"mailbox fred", "command /usr/bin/vacation fred as fred",
                                           "file /home/fred/copy as fred"}));
    const auto made = plan("fred+foo@x.test");
    EXPECT_EQ(describe(made),
              (Lines{"forward u@r.test from s@r.test delivered-to fred+foo@x.test",
                     "forward wilma@x.test from s@r.test delivered-to fred+foo@x.test"}));
    EXPECT_TRUE(made.expanded);
    EXPECT_EQ(made.forward, "/home/fred/.forward+foo");
    EXPECT_EQ(host.read_as.count("/home/fred/.forward as fred"), 1U);
    settings.forward_path.clear();
    EXPECT_EQ(lines("fred@x.test"), (Lines{"mailbox fred"}));
}

TEST_F(PlannerTest, ForwardFilesThatCannotBeUsedAreIgnored)
{
    auto& file = host.files["/home/fred/.forward"];
    file.text = "u@r.test";
    file.state = local::TargetFile::State::Unsafe;
    EXPECT_EQ(lines("fred@x.test"), (Lines{"mailbox fred"}));
    EXPECT_EQ(log_.lines.back(), "warning: /home/fred/.forward is unsafe");
    file.state = local::TargetFile::State::Failed;
    EXPECT_EQ(lines("fred@x.test"), (Lines{"4.3.0 /home/fred/.forward is unsafe"}));
    file.state = local::TargetFile::State::Usable;
    file.text = "# nothing\n\n";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"mailbox fred"}));
}

TEST_F(PlannerTest, IncludesHaveTheRightsOfTheirOwner)
{
    settings.commands_in.insert(Origin::Include);
    host.add_alias("a", ":include:/l");
    host.files["/l"] = {local::TargetFile::State::Usable, "\"|cmd\"\nfred\nu@r.test\n", 1002};
    EXPECT_EQ(lines("a@x.test"), (Lines{"command cmd as wilma",
                                        "forward fred@x.test from s@r.test delivered-to a@x.test",
                                        "forward u@r.test from s@r.test delivered-to a@x.test"}));
    EXPECT_EQ(host.read_as.count("/l as wilma"), 1U);
    host.files["/l"].owner = 0;
    EXPECT_EQ(lines("a@x.test")[0], "command cmd as -");
    EXPECT_EQ(host.read_as.count("/l as root"), 1U);
    host.add_alias("a", ":include:/l", 1001);
    host.files["/l"].owner = 1002;
    EXPECT_EQ(lines("a@x.test")[0], "command cmd as fred");
    EXPECT_EQ(host.read_as.count("/l as fred"), 1U);
}

TEST_F(PlannerTest, IncludesAreRestricted)
{
    host.add_alias("a", ":include:/l");
    host.files["/l"].text = "\"|cmd\", /f\n";
    EXPECT_EQ(lines("a@x.test"),
              (Lines{"5.7.1 mail to command is restricted", "5.7.1 mail to file is restricted"}));
    for (const char* value : {":include:l", ":include:/missing"}) {
        host.add_alias("a", value);
        EXPECT_EQ(lines("a@x.test"), (Lines{"5.3.5 mail system configuration error"})) << value;
    }
}

TEST_F(PlannerTest, EmptyListsAreSaidToBeEmpty)
{
    host.add_alias("a", ":include:/l");
    host.files["/l"].text = "# nobody\n";
    EXPECT_EQ(lines("a@x.test"), (Lines{"2.0.0 nobody is on this list"}));
}

TEST_F(PlannerTest, IncludesThatIncludeThemselvesEnd)
{
    host.add_alias("a", ":include:/l1");
    host.files["/l1"].text = ":include:/l2\nu@r.test\n:include:/l1\n";
    host.files["/l2"].text = ":include:/l1\n";
    EXPECT_EQ(lines("a@x.test"), (Lines{"forward u@r.test from s@r.test delivered-to a@x.test"}));
    for (int i = 0; i < 1000; ++i)
        host.files["/l" + std::to_string(i)].text = ":include:/l" + std::to_string(i + 1);
    EXPECT_EQ(lines("a@x.test"), (Lines{"5.4.6 :include: nesting limit exceeded"}));
}

TEST_F(PlannerTest, AliasesDoNotBlowUp)
{
    // Each alias has the next two: as many ways as Fibonacci numbers.
    for (int i = 0; i < 90; ++i)
        host.add_alias("f" + std::to_string(i),
                       "f" + std::to_string(i + 1) + ", f" + std::to_string(i + 2));
    host.add_alias("f90", "fred");
    host.add_alias("f91", "fred");
    EXPECT_EQ(lines("f0@x.test"), (Lines{"5.4.6 recipient expansion limit exceeded"}));
    settings.remembered = 0;
    EXPECT_EQ(lines("f0@x.test"), (Lines{"mailbox fred"}));
    EXPECT_GT(host.pauses, 0U);
}

TEST_F(PlannerTest, LargeListsGoToEachOnce)
{
    std::string value;
    for (int i = 0; i < 100'000; ++i)
        value += "u" + std::to_string(i % 60'000) + "@r.test, ";
    host.add_alias("a", value);
    const auto made = plan("a@x.test");
    ASSERT_EQ(made.forwards.size(), 1U);
    EXPECT_EQ(made.forwards[0].recipients.size(), 60'000U);
    EXPECT_TRUE(made.parts.empty());
}

TEST_F(PlannerTest, ManyMailboxesGetANewMessage)
{
    std::string value;
    for (int i = 0; i < 1500; ++i) {
        host.add_user("u" + std::to_string(i), static_cast<uid_t>(5000 + i));
        value += "u" + std::to_string(i) + ", ";
    }
    host.add_alias("a", value);
    const auto made = plan("a@x.test");
    EXPECT_EQ(made.parts.size(), local::direct_limit);
    ASSERT_EQ(made.forwards.size(), 1U);
    EXPECT_EQ(made.forwards[0].recipients.size(), 1500 - local::direct_limit);
}

TEST_F(PlannerTest, EndsMailLoops)
{
    looped = "fred@x.test";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"5.4.6 mail forwarding loop for fred@x.test"}));
    host.add_alias("list", "u@r.test");
    host.add_alias("owner-list", "wilma");
    looped = "list+x@x.test";
    const auto made = plan("list+x@x.test");
    EXPECT_EQ(describe(made), (Lines{"5.4.6 mail forwarding loop for list+x@x.test"}));
    EXPECT_EQ(made.parts[0].sender, "owner-list@x.test");
}

TEST_F(PlannerTest, ChoosesHowMailboxesAreDelivered)
{
    settings.mailbox_command = "/usr/bin/procmail";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"command /usr/bin/procmail as fred"}));
    using Table = local::Host::UserTable;
    host.settings[static_cast<int>(Table::MailboxCommand)]["fred"] = "maildrop";
    EXPECT_EQ(lines("fred+x@x.test"), (Lines{"command maildrop as fred"}));
    settings.mailbox_transport = "lmtp:unix:x";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"handover lmtp:unix:x fred@x.test"}));
    EXPECT_EQ(lines("barney@x.test"), (Lines{"handover lmtp:unix:x barney@x.test"}));
    host.settings[static_cast<int>(Table::MailboxTransport)]["fred"] = "cyrus";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"handover cyrus fred@x.test"}));
}

TEST_F(PlannerTest, KnowsWhatToDoWithUnknownUsers)
{
    EXPECT_EQ(lines("Postmaster@x.test"), (Lines{"2.0.0 discarded"}));
    EXPECT_EQ(lines("mailer-daemon@x.test"), (Lines{"2.0.0 discarded"}));
    settings.luser_relay = "$user+bad@r.test";
    EXPECT_EQ(lines("barney+x@x.test"),
              (Lines{"forward barney+bad@r.test from s@r.test delivered-to barney+x@x.test"}));
    settings.luser_relay = "x${recipient_delimiter}$user@r.test";
    EXPECT_EQ(lines("barney@x.test"),
              (Lines{"forward x+barney@r.test from s@r.test delivered-to barney@x.test"}));
    settings.luser_relay = "fred";
    EXPECT_EQ(lines("barney@x.test"), (Lines{"mailbox fred"}));
    settings.luser_relay = "barney";
    EXPECT_EQ(lines("barney@x.test"), (Lines{"5.1.1 unknown user: \"barney\""}));
    host.add_alias("catch", "betty");
    settings.luser_relay = "catch";
    EXPECT_EQ(lines("barney@x.test"), (Lines{"5.1.1 unknown user: \"betty\""}));
    settings.fallback_transport = "lmtp:unix:x";
    EXPECT_EQ(lines("barney@x.test"), (Lines{"handover lmtp:unix:x barney@x.test"}));
    using Table = local::Host::UserTable;
    host.settings[static_cast<int>(Table::FallbackTransport)]["barney"] = "cyrus:y";
    EXPECT_EQ(lines("barney@x.test"), (Lines{"handover cyrus:y barney@x.test"}));
}

TEST_F(PlannerTest, DefersWhatCannotBeAsked)
{
    host.broken = "fred";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"4.3.0 alias database unavailable"}));
    host.broken = "owner-list";
    host.add_alias("list", "fred");
    EXPECT_EQ(lines("list@x.test"), (Lines{"4.3.0 alias database unavailable"}));
    host.broken = "u@r.test";
    host.add_alias("list", "u@r.test");
    settings.owner_special = false;
    EXPECT_EQ(lines("list@x.test"), (Lines{"4.3.0 address resolver failure"}));
    settings.needs_home = true;
    host.users["fred"].home = "/home/away";
    EXPECT_EQ(lines("fred@x.test"), (Lines{"4.3.0 cannot access home directory /home/away"}));
}

TEST_F(PlannerTest, DeliveredToFollowsTheRecipientWhenNotFrozen)
{
    host.add_alias("a", "fred");
    EXPECT_EQ(plan("a@x.test").parts[0].delivered_to, "a@x.test");
    settings.frozen_delivered_to = false;
    EXPECT_EQ(plan("a@x.test").parts[0].delivered_to, "fred@x.test");
}

} // namespace
