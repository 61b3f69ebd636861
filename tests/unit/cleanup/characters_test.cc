// SPDX-License-Identifier: Apache-2.0
// Sets of characters.
#include "cleanup/characters.h"

#include <gtest/gtest.h>

namespace cleanup {
namespace {

TEST(Characters, ReadsEscapes)
{
    struct {
        const char* input;
        std::string want;
    } const cases[] = {
        {"", ""},          {"ab", "ab"},     {"\\0", std::string(1, '\0')},
        {"\\7\\12", "\a"}, {"\\101B", "AB"}, {"\\t\\a\\v", "\t\a\v"},
        {"\\\\", "\\"},    {"\\", "\\"},     {"\\r\\n", ""},
        {"\\q", "q"},      {"\\1012", "A2"},
    };
    for (const auto& c : cases) {
        const Characters set{c.input};
        for (int i = 0; i < 256; ++i)
            EXPECT_EQ(set.has(static_cast<char>(i)),
                      c.want.find(static_cast<char>(i)) != std::string::npos)
                << c.input << " " << i;
    }
}

TEST(Characters, FindsAndRemoves)
{
    const Characters set{"xy"};
    EXPECT_TRUE(set.any_in("axb"));
    EXPECT_FALSE(set.any_in("ab"));
    EXPECT_EQ(set.without("axyb"), "ab");
    EXPECT_TRUE(Characters{}.empty());
}

} // namespace
} // namespace cleanup
