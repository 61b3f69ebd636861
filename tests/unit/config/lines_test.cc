// SPDX-License-Identifier: Apache-2.0
// Logical lines and assignments.
#include "lib/config/lines.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(LogicalLines, KnowWhereTheyBegin)
{
    Faults faults;
    auto lines = logical_lines("\n# c\na  \r\n  b\n\n\t#\n c\nd", "f", faults);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].text, "a b c");
    EXPECT_EQ(lines[0].line, 3);
    EXPECT_EQ(lines[1].text, "d");
    EXPECT_EQ(lines[1].line, 8);
    EXPECT_TRUE(faults.empty());
}

TEST(SplitAssignment, TakesAndRefuses)
{
    struct {
        const char* text;
        const char* name; // Empty: refused.
        const char* value;
    } const cases[] = {
        {"a=b", "a", "b"},   {" a = b c ", "a", "b c"},
        {"a =", "a", ""},    {"a=b=c", "a", "b=c"},
        {"a==", "a", "="},   {"a", "", ""},
        {"=b", "", ""},      {"", "", ""},
        {"a b = c", "", ""}, {" = ", "", ""},
    };
    for (const auto& c : cases) {
        std::string_view name;
        std::string_view value;
        std::string why;
        bool good = split_assignment(c.text, name, value, why);
        EXPECT_EQ(good, c.name[0] != 0) << c.text;
        EXPECT_EQ(why.empty(), good) << c.text;
        if (good) {
            EXPECT_EQ(name, c.name) << c.text;
            EXPECT_EQ(value, c.value) << c.text;
        }
    }
}

} // namespace
} // namespace config
