// SPDX-License-Identifier: Apache-2.0
// Who may use which envelope sender.
#include "submit/postdrop/sender_rule.h"

#include <gtest/gtest.h>

namespace postdrop {
namespace {

TEST(SenderRule, KnowsItsPatterns)
{
    const SenderRule rule{{}, "<>", "+"};
    const struct {
        const char *patterns, *sender;
        bool fits;
    } rows[] = {
        {"*", "any@where.test", true},
        {"*", "", true},
        {"<>", "", true},
        {"<>", "a@b.test", false},
        {"joe", "joe", true},
        {"joe", "joe@x.test", false},
        {"joe, joe@x.test", "Joe@X.test", true},
        {"joe@x.test", "joe+list@x.test", true},
        {"joe", "joe+list", true},
        {"joe+list", "joe+list", false},
        {"@x.test", "anna@X.test", true},
        {"@x.test", "anna@sub.x.test", false},
        {"@x.test", "anna", false},
        {"@x.test", "", false},
        {"a*", "anna", false},
        {"", "joe", false},
        {"a b\tc,d", "c", true},
    };
    for (const auto& row : rows)
        EXPECT_EQ(rule.fits(row.patterns, row.sender), row.fits)
            << row.patterns << " " << row.sender;
}

TEST(SenderRule, AsksTheTablesInOrder)
{
    const SenderRule rule{
        {"inline:{{root=*}, {joe=joe@x.test}}", "regexp:{{/^(a.*)$/ $1 $1@y.test}}"}, "<>", ""};
    EXPECT_FALSE(rule.allows_all());
    EXPECT_TRUE(rule.check("root", "x@z.test"));
    EXPECT_TRUE(rule.check("joe", "joe@x.test"));
    EXPECT_TRUE(rule.check("anna", "anna@y.test"));
    const auto refused = rule.check("joe", "root@x.test");
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().temporary());
    EXPECT_EQ(refused.error().text, "not authorized to use sender='root@x.test'");
    EXPECT_FALSE(rule.check("stranger", "stranger"));
}

TEST(SenderRule, DoesNotDecideWithoutItsTables)
{
    const SenderRule rule{{"hash:/no/such/table"}, "<>", ""};
    const auto unknown = rule.check("joe", "joe");
    ASSERT_FALSE(unknown);
    EXPECT_TRUE(unknown.error().temporary());
    EXPECT_TRUE(SenderRule{}.check("joe", "any@where.test"));
}

} // namespace
} // namespace postdrop
