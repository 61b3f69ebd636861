// SPDX-License-Identifier: Apache-2.0
// Files of database tables.
#include "lib/table/table_file.h"

#include <gtest/gtest.h>

#include "tests/unit/table/support.h"

namespace table {
namespace {

constexpr ModuleSetting rows[] = {
    {"hosts", "localhost"},
    {"query", {}, SettingKind::Template},
    {"idle_interval", "60", SettingKind::Seconds},
    {"strict", "yes", SettingKind::Flag},
};

struct Read {
    base::Result<TableSettings> settings;
    Warnings warnings;
};

Read parse(std::string_view text)
{
    Warnings warnings;
    auto settings = parse_table_settings(text, "x.cf", rows, warnings);
    return {std::move(settings), std::move(warnings)};
}

TEST(TableFile, HasNamesAndValues)
{
    auto read =
        parse("# comment\n\nhosts = a\n  b # c\nquery=SELECT '%s'\n"
              "idle_interval = 2m\nstrict = No\nresult_format = %u\n  # more\nexpansion_limit=5\n"
              "domain = $mydomain,hash:/x\n");
    ASSERT_TRUE(read.settings) << read.settings.error().text;
    EXPECT_EQ(read.settings->text("hosts"), "a b # c");
    EXPECT_EQ(read.settings->text("query"), "SELECT '%s'");
    EXPECT_EQ(read.settings->number("idle_interval"), 120);
    EXPECT_FALSE(read.settings->flag("strict"));
    EXPECT_EQ(read.settings->text("result_format"), "%u");
    EXPECT_EQ(read.settings->number("expansion_limit"), 5);
    EXPECT_EQ(read.settings->text("domain"), "$mydomain,hash:/x"); // Nothing is expanded.
    EXPECT_TRUE(read.settings->given("hosts"));
    EXPECT_TRUE(read.warnings.empty());
}

TEST(TableFile, HasDefaults)
{
    auto read = parse("");
    ASSERT_TRUE(read.settings);
    EXPECT_EQ(read.settings->text("hosts"), "localhost");
    EXPECT_EQ(read.settings->number("idle_interval"), 60);
    EXPECT_TRUE(read.settings->flag("strict"));
    EXPECT_EQ(read.settings->text("result_format"), "%s");
    EXPECT_EQ(read.settings->number("expansion_limit"), 0);
    EXPECT_FALSE(read.settings->given("hosts"));
    EXPECT_FALSE(read.settings->given("nonsense"));
}

TEST(TableFile, TellsWhatItDoesNotKnow)
{
    auto read = parse("hosts = a\nqeury = x\n\nhosts = b\n");
    ASSERT_TRUE(read.settings);
    EXPECT_EQ(read.settings->text("hosts"), "b");
    EXPECT_EQ(read.warnings, (Warnings{"x.cf, line 2: unused parameter: qeury=x",
                                       "x.cf, line 4: overriding earlier entry: hosts=b"}));
}

TEST(TableFile, RefusesWhatCannotBe)
{
    const struct {
        std::string_view text, why;
    } cases[] = {
        {"\nexpansion_limit = many\n",
         "x.cf, line 2: bad numerical configuration: expansion_limit = many"},
        {"expansion_limit = -1\n",
         "x.cf, line 1: bad numerical configuration: expansion_limit = -1"},
        {"strict = maybe\n", "x.cf, line 1: bad boolean configuration: strict = maybe"},
        {"idle_interval = 1x\n", "x.cf, line 1: bad time value or unit: idle_interval = 1x"},
        {"query = %q\n", "x.cf, line 1: invalid template: query = %q"},
        {"result_format = %\n", "x.cf, line 1: invalid template: result_format = %"},
        {"hosts a\n", "x.cf, line 1: missing '=' after attribute name: \"hosts a\""},
        {"= a\n", "x.cf, line 1: missing attribute name: \"= a\""},
    };
    for (const auto& one : cases) {
        auto read = parse(one.text);
        ASSERT_FALSE(read.settings) << one.text;
        EXPECT_EQ(read.settings.error().text, one.why);
    }
    EXPECT_FALSE(parse(std::string_view("hosts = \0a\n", 11)).settings);
}

TEST(TableFile, MayBePartOfMainCf)
{
    config::Faults faults;
    const auto main = config::MainCf::parse(
        "me = x\nmine_hosts = $me y\nmine_query = 1\nmine_strict = perhaps\nother_query = 2\n",
        "main.cf", faults);
    Warnings warnings;
    auto wrong = read_table_settings("mine", &main, rows, warnings);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().text, "main.cf, line 4: bad boolean configuration: strict = perhaps");
    auto other = read_table_settings("other", &main, rows, warnings);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->text("query"), "2");
    EXPECT_EQ(other->text("hosts"), "localhost");
    EXPECT_FALSE(read_table_settings("other", nullptr, rows, warnings));
    auto expanded = read_table_settings("mine", &main, std::span(rows).first(2), warnings);
    ASSERT_TRUE(expanded);
    EXPECT_EQ(expanded->text("hosts"), "x y");
}

TEST(TableFile, MustBeThereAndSmall)
{
    tests::TemporaryDirectory directory;
    Warnings warnings;
    auto gone = read_table_settings(directory.file("gone"), nullptr, rows, warnings);
    ASSERT_FALSE(gone);
    EXPECT_TRUE(gone.error().text.ends_with("No such file or directory")) << gone.error().text;
    const auto large = directory.write("large", std::string(kTableFileBytes + 1, '#'));
    EXPECT_FALSE(read_table_settings(large, nullptr, rows, warnings));
}

} // namespace
} // namespace table
