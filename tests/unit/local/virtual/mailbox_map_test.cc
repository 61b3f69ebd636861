// SPDX-License-Identifier: Apache-2.0
// The look-ups of virtual(8): which key answers, and which answers are taken.
#include "local/virtual/mailbox_map.h"

#include "lib/delivery/table_watch.h"
#include "lib/table/tables.h"
#include "tests/unit/delivery/child_fixture.h"

namespace virtual_mail::test {
namespace {

using delivery::test::LogLines;

class MailboxMapTest : public ::testing::Test {
protected:
    MailboxMapTest()
    {
        settings.base = "/var/vmail";
        settings.mailboxes = {"inline:{ {u@a.test=u/} {u+x@a.test=ux} {@b.test=all} }"};
        settings.uids = {"static:5000"};
        settings.gids = {"static:5001"};
        settings.rules.delimiters = "+";
    }

    Found find(const std::string& address)
    {
        table::Tables tables{{}};
        MailboxMap map{tables, settings};
        std::optional<Found> found;
        base::Scope scope;
        scope.spawn(store(map.find(address), found));
        EXPECT_TRUE(found.has_value());
        return *found;
    }
    static base::Task<void> store(base::Task<Found> task, std::optional<Found>& into)
    {
        into.emplace(co_await std::move(task));
    }

    MailboxMap::Settings settings;
    LogLines log;
};

TEST_F(MailboxMapTest, TriesTheAddressThenWithoutExtensionThenTheDomain)
{
    struct Case {
        std::string address, path;
    };
    const Case cases[] = {{"u@a.test", "/var/vmail/u/"},
                          {"U@A.test", "/var/vmail/u/"},
                          {"u+x@a.test", "/var/vmail/ux"},
                          {"u+y@a.test", "/var/vmail/u/"},
                          {"any+y@b.test", "/var/vmail/all"}};
    for (const auto& test : cases) {
        const Found found = find(test.address);
        ASSERT_TRUE(found.mailbox) << test.address;
        EXPECT_EQ(*found.mailbox, (Mailbox{test.path, 5000, 5001})) << test.address;
    }
    EXPECT_TRUE(find("u@a.test").mailbox->is_maildir());
    EXPECT_FALSE(find("u+x@a.test").mailbox->is_maildir());
}

TEST_F(MailboxMapTest, ReturnsMailOfUnknownUsers)
{
    const Found found = find("Who@a.test");
    EXPECT_FALSE(found.mailbox);
    EXPECT_EQ(found.refusal.status, mail::Status::Bounced);
    EXPECT_EQ(found.refusal.dsn, "5.1.1");
    EXPECT_EQ(found.refusal.text, "unknown user: \"who@a.test\"");
}

TEST_F(MailboxMapTest, TakesNoNameThatLeavesTheBase)
{
    for (const std::string name : {"..", "../x", "a/../../etc/passwd", "/../..", "a/..", "../"}) {
        settings.mailboxes = {"static:" + name};
        const Found found = find("u@a.test");
        EXPECT_FALSE(found.mailbox) << name;
        EXPECT_EQ(found.refusal.status, mail::Status::Deferred);
        EXPECT_EQ(found.refusal.dsn, "4.3.5");
        EXPECT_EQ(found.refusal.text, "mail system configuration error");
        EXPECT_TRUE(log.has("warning: recipient u@a.test: bad mailbox " + name +
                            " in virtual_mailbox_maps"));
    }
    EXPECT_FALSE(is_safe_name(std::string_view("a\0b", 3)));
    EXPECT_FALSE(is_safe_name(""));
    EXPECT_TRUE(is_safe_name("a..b/...c/"));
    EXPECT_TRUE(is_safe_name("/absolute/is/below/the/base"));
}

TEST_F(MailboxMapTest, TakesNoUserBelowTheMinimumAndNoNumberThatIsNone)
{
    for (const std::string uid : {"0", "99", "-1", "4294967295", "4294967296",
                                  "18446744073709551616", "1000x", "root", "+500", "0x500"}) {
        settings.uids = {"static:" + uid};
        EXPECT_FALSE(find("u@a.test").mailbox) << uid;
        EXPECT_TRUE(
            log.has("warning: recipient u@a.test: bad uid " + uid + " in virtual_uid_maps"));
    }
    settings.uids = {"static:100"};
    EXPECT_TRUE(find("u@a.test").mailbox);
    for (const std::string gid : {"0", "-5", "4294967295", "users"}) {
        settings.gids = {"static:" + gid};
        EXPECT_FALSE(find("u@a.test").mailbox) << gid;
        EXPECT_TRUE(
            log.has("warning: recipient u@a.test: bad gid " + gid + " in virtual_gid_maps"));
    }
    settings.gids = {"static:1"};
    EXPECT_TRUE(find("u@a.test").mailbox);
}

TEST_F(MailboxMapTest, DefersWhatTheConfigurationLeavesOut)
{
    settings.uids = {"inline:{ {other@a.test=1000} }"};
    EXPECT_EQ(find("u@a.test").refusal.dsn, "4.3.5");
    EXPECT_TRUE(log.has("warning: recipient u@a.test: not found in virtual_uid_maps"));
    settings.mailboxes = {"fail:broken"};
    EXPECT_EQ(find("u@a.test").refusal.dsn, "4.3.5");
    EXPECT_TRUE(log.has("warning: table virtual_mailbox_maps: lookup u@a.test: "));
}

TEST_F(MailboxMapTest, LetsNoAddressChooseThePathThroughAPattern)
{
    settings.mailboxes = {"regexp:{ {/@a/ fixed/} {/(.*)@/ $1/} }"};
    EXPECT_TRUE(find("u@a.test").mailbox);
    settings.mailboxes = {"regexp:{ {/(.*)@/ $1/} {/@a/ fixed/} }"};
    const Found found = find("u@a.test");
    EXPECT_TRUE(!found.mailbox || found.mailbox->path == "/var/vmail/fixed/");
}

TEST_F(MailboxMapTest, OpensTablesItselfThatAreNamedThroughTheProxy)
{
    settings.uids = {"proxy:static:700"};
    const Found found = find("u@a.test");
    ASSERT_TRUE(found.mailbox);
    EXPECT_EQ(found.mailbox->uid, 700u);
    const std::vector<std::string> want = {"lmdb:/x", "proxy:mysql:/y", "hash:/z"};
    EXPECT_EQ(delivery::direct_tables({"proxy:lmdb:/x", "proxy:mysql:/y", "hash:/z"}), want);
}

} // namespace
} // namespace virtual_mail::test
