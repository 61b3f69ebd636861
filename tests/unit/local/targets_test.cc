// SPDX-License-Identifier: Apache-2.0
#include "local/targets.h"

#include <gtest/gtest.h>

namespace {

using Kind = local::Target::Kind;
using Targets = std::vector<local::Target>;

struct Case {
    const char* name;
    std::string text;
    Targets want;
};

Targets addresses(std::initializer_list<const char*> texts)
{
    Targets all;
    for (const char* text : texts)
        all.push_back({Kind::Address, text});
    return all;
}

TEST(Targets, ReadsWhatAliasesHave)
{
    const Case cases[] = {
        {"a user", "fred", addresses({"fred"})},
        {"commas", "fred, u@r.test,,wilma", addresses({"fred", "u@r.test", "wilma"})},
        {"blanks separate too", "u1@r.test u2@r.test", addresses({"u1@r.test", "u2@r.test"})},
        {"semicolons separate too", "a; b;", addresses({"a", "b"})},
        {"a quoted local part", "\"quoted user\"@r.test", addresses({"quoted user@r.test"})},
        {"a name before it", "First Last <u8@r.test>, b", addresses({"u8@r.test", "b"})},
        {"a name does not reach over a comma", "a, B C <d@r.test>", addresses({"a", "d@r.test"})},
        {"comments", "u9@r.test (a (nested) \\) comment), (c)", addresses({"u9@r.test"})},
        {"a group", "grp: u1@r.test, u2@r.test;", addresses({"u1@r.test", "u2@r.test"})},
        {"blanks around @", "fred @ r.test x", addresses({"fred@r.test", "x"})},
        {"a literal", "fred@[192.0.2.1]", addresses({"fred@[192.0.2.1]"})},
        {"a source route", "<@a,@b:u@c>", addresses({"@a,@b:u@c"})},
        {"a backslash falls away", "\\fred, a\\,b", addresses({"fred", "a,b"})},
        {"8-bit text", "jos\xc3\xa9@r.test", addresses({"jos\xc3\xa9@r.test"})},
        {"nobody", "<>, , ;", {}},
        {"nothing", "", {}},
        {"a plain command", "|/bin/cat", {{Kind::Command, "/bin/cat"}}},
        {"a quoted command", "\"|/bin/echo one two\"", {{Kind::Command, "/bin/echo one two"}}},
        {"a command quoted after the bar",
         "|\"/bin/echo one, two\"",
         {{Kind::Command, "/bin/echo one, two"}}},
        {"quotes within a command",
         R"("|/bin/echo \"x y\" \\z")",
         {{Kind::Command, R"(/bin/echo "x y" \z)"}}},
        {"a command without quotes ends at a blank",
         "|/bin/echo one",
         {{Kind::Command, "/bin/echo"}, {Kind::Address, "one"}}},
        {"specials in a command", "|/bin/x<y:z@w(v)", {{Kind::Command, "/bin/x<y:z@w"}}},
        {"an empty command", "|, \"|\"", {{Kind::Command, ""}, {Kind::Command, ""}}},
        {"files",
         "/var/log/x, \"/a b\", /c\\ d, ~/mail",
         {{Kind::File, "/var/log/x"},
          {Kind::File, "/a b"},
          {Kind::File, "/c d"},
          {Kind::File, "~/mail"}}},
        {"colons in a file name", "/var/mail/a:b", {{Kind::File, "/var/mail/a:b"}}},
        {"include",
         ":include:/etc/list, \":INCLUDE:/a b\", :include: \"/c d\"",
         {{Kind::Include, "/etc/list"}, {Kind::Include, "/a b"}, {Kind::Include, "/c d"}}},
        {"an open quotation", "\"unterminated", addresses({"unterminated"})},
        {"an open comment", "a (b", addresses({"a"})},
        {"an open angle", "<u@r.test", addresses({"u@r.test"})},
        {"stray closers", "a> b) ]", addresses({"a", "b)", "]"})},
        {"a backslash at the end", "a\\", addresses({"a\\"})},
        {"NUL bytes separate", std::string("/a\0b", 4), {{Kind::File, "/a"}, {Kind::Address, "b"}}},
        {"NUL bytes in quotes vanish", std::string("\"/a\0b\"", 6), {{Kind::File, "/ab"}}},
    };
    for (const auto& c : cases)
        EXPECT_EQ(local::parse_targets(c.text), c.want) << c.name;
}

TEST(Targets, ReadsFilesLineByLine)
{
    const std::string text = "# comment, u@r.test\n\ni1@r.test, i2@r.test\r\n  i3@r.test\n"
                             "\"|/bin/cat\"\n\"open\ni4@r.test # tail";
    Targets want = addresses({"i1@r.test", "i2@r.test", "i3@r.test"});
    want.push_back({Kind::Command, "/bin/cat"});
    for (const char* more : {"open", "i4@r.test", "#", "tail"})
        want.push_back({Kind::Address, more});
    EXPECT_EQ(local::parse_target_lines(text), want);
    EXPECT_TRUE(local::parse_target_lines("").empty());
}

TEST(Targets, TakeLinearTime)
{
    std::string many;
    for (int i = 0; i < 100'000; ++i)
        many += "u" + std::to_string(i) + "@r.test, ";
    EXPECT_EQ(local::parse_targets(many).size(), 100'000U);
    EXPECT_EQ(local::parse_targets(std::string(1 << 20, '(')).size(), 0U);
    EXPECT_EQ(local::parse_targets(std::string(1 << 20, '<')).size(), 1U);
}

} // namespace
