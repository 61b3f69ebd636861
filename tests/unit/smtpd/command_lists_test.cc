// SPDX-License-Identifier: Apache-2.0
// Which commands are ignored and forbidden; Postfix 3.7 decides each so.
#include "smtpd/command_lists.h"

#include <gtest/gtest.h>

#include "tests/dialogue/fakes.h"

namespace smtpd {
namespace {

class Lists {
public:
    explicit Lists(std::string_view text)
        : main_(config::MainCf::parse(text, "main.cf", faults_)), tables_({.may_block = false})
    {
        params_.declare(main_);
        params_.load(main_, faults_);
        lists_.emplace(tables_, params_);
    }
    bool forbids(std::string word) { return fake::run(lists_->forbids(std::move(word))); }
    bool ignores(std::string word) { return fake::run(lists_->ignores(std::move(word))); }
    CommandLists& lists() { return *lists_; }

private:
    config::Faults faults_;
    config::MainCf main_;
    config::SmtpdParams params_;
    table::Tables tables_;
    std::optional<CommandLists> lists_;
};

TEST(CommandLists, ForbidOtherProtocolsByDefault)
{
    Lists lists("");
    EXPECT_FALSE(lists.lists().ignores_any());
    for (std::string_view word : {"connect", "GET", "Post", "+x", "1abc", ":x", "(:"})
        EXPECT_TRUE(lists.forbids(std::string(word))) << word;
    for (std::string_view word : {"foo", "Sub", "getx"})
        EXPECT_FALSE(lists.forbids(std::string(word))) << word;
}

TEST(CommandLists, ReplaceWholeLines)
{
    EXPECT_FALSE(Lists("").lists().filters());
    Lists lists("smtpd_command_filter = pcre:{{/^HELLO (.*)/ EHLO $$1}}\n");
    EXPECT_TRUE(lists.lists().filters());
    EXPECT_EQ(*fake::run(lists.lists().replacement("HELLO a.b")), "EHLO a.b");
    EXPECT_EQ(*fake::run(lists.lists().replacement("EHLO a.b")), std::nullopt);
    Lists broken("smtpd_command_filter = fail:x\n");
    EXPECT_FALSE(fake::run(broken.lists().replacement("NOOP")));
}

TEST(CommandLists, HaveWordsAndTablesInTheirOrder)
{
    Lists lists("smtpd_forbidden_commands = !getx regexp:{{/^get/ x} {/^[0-9]/ x}} FOO\n"
                "smtpd_noop_commands = inline:{xtra=1} pcre:{{/^MAI/ x}} SUBJX\n");
    EXPECT_TRUE(lists.lists().ignores_any());
    for (std::string_view word : {"gety", "1x", "foo"})
        EXPECT_TRUE(lists.forbids(std::string(word))) << word;
    for (std::string_view word : {"getx", "+x", "POST"})
        EXPECT_FALSE(lists.forbids(std::string(word))) << word;
    for (std::string_view word : {"XTRA", "mail", "subjx"})
        EXPECT_TRUE(lists.ignores(std::string(word))) << word;
    EXPECT_FALSE(lists.ignores("helo"));
}

TEST(CommandLists, HaveNothingWhereATableCannotBeAsked)
{
    Lists lists("smtpd_forbidden_commands = texthash:/nonexistent/table\n");
    EXPECT_FALSE(lists.forbids("getx"));
}

} // namespace
} // namespace smtpd
