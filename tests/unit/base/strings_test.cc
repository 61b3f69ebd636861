// SPDX-License-Identifier: Apache-2.0
#include "lib/base/strings.h"

#include <gtest/gtest.h>

using namespace base;

TEST(Strings, CatJoinsTextCharactersAndNumbers)
{
    EXPECT_EQ(cat("a", std::string("b"), std::string_view("c"), 'd', 5, -6L, 7ull), "abcd5-67");
    EXPECT_EQ(cat(), "");
}

TEST(Strings, AppendKeepsWhatIsThere)
{
    std::string out = "x";
    for (int i = 0; i < 1000; ++i)
        append(out, i, ' ');
    EXPECT_EQ(out.substr(0, 6), "x0 1 2");
    EXPECT_EQ(out.substr(out.size() - 4), "999 ");
}

TEST(Strings, SplitDropsEmptyParts)
{
    EXPECT_EQ(split(" a, b,,c ", ", "), (std::vector<std::string_view>{"a", "b", "c"}));
    EXPECT_TRUE(split(" , ", ", ").empty());
}

TEST(Strings, CutTakesUpToSeparator)
{
    std::string_view rest = "a:b:c";
    EXPECT_EQ(cut(rest, ':'), "a");
    EXPECT_EQ(rest, "b:c");
    EXPECT_EQ(cut(rest, '!'), "b:c");
    EXPECT_EQ(rest, "");
}

TEST(Strings, ComparesWithoutCase)
{
    EXPECT_TRUE(iequals("MAIL from", "mail FROM"));
    EXPECT_FALSE(iequals("a", "ab"));
    EXPECT_TRUE(istarts_with("FROM:<x>", "from:"));
    EXPECT_TRUE(ILess{}("Apple", "banana"));
    EXPECT_FALSE(ILess{}("B", "a"));
}

TEST(Strings, PrintableHidesControlsAndBrokenUtf8)
{
    struct {
        std::string_view name, input, ascii, utf8;
    } cases[] = {
        {"plain", "hello", "hello", "hello"},
        {"line break", "a\r\nb", "a??b", "a??b"},
        {"nul and escape", std::string_view("a\0\x1b", 3), "a??", "a??"},
        {"umlaut", "\xc3\xbc", "??", "\xc3\xbc"},
        {"truncated", "\xc3", "?", "?"},
        {"overlong", "\xc0\xaf", "??", "??"},
        {"surrogate", "\xed\xa0\x80", "???", "???"},
        {"line separator", "\xe2\x80\xa8", "???", "???"},
        {"c1 control", "\xc2\x85", "??", "??"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(printable(c.input), c.ascii) << c.name;
        EXPECT_EQ(printable(c.input, true), c.utf8) << c.name;
    }
}

TEST(Strings, KnowsUtf8)
{
    EXPECT_TRUE(is_utf8("gr\xc3\xbc\xc3\x9f \xf0\x9f\x93\xae"));
    EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
    EXPECT_FALSE(is_utf8("\xe0\x80\x80"));
    EXPECT_FALSE(is_utf8("\xff"));
    EXPECT_TRUE(is_ascii("abc"));
    EXPECT_FALSE(is_ascii("\xc3\xbc"));
}

TEST(Strings, JsonQuotes)
{
    EXPECT_EQ(json_quote("a\"\\\n\x01"), R"("a\"\\\n\u0001")");
    EXPECT_EQ(json_quote("\xff"), "\"\xef\xbf\xbd\"");
}
