// SPDX-License-Identifier: Apache-2.0
#include "local/names.h"

#include <gtest/gtest.h>

namespace {

const std::string safe = "1234567890!@%-_=+:,./"
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

local::Names fred()
{
    return {.user = "fred",
            .local = "fred+foo",
            .recipient = "Fred+Foo@x.test",
            .domain = "x.test",
            .extension = "foo",
            .home = "/home/fred",
            .shell = "/bin/sh",
            .delimiter = "+"};
}

TEST(Names, StandForPartsOfTheRecipient)
{
    struct Case {
        const char* pattern;
        const char* want;
    };
    const Case cases[] = {
        {"$home/.forward${recipient_delimiter}${extension}", "/home/fred/.forward+foo"},
        {"$user $local $mailbox $recipient $domain $shell",
         "fred fred+foo fred+foo Fred+Foo@x.test x.test /bin/sh"},
        {"${extension?x${extension}}${nothing:none}", "xfoonone"},
        {"${{$domain} == {x.test} ? {same} : {other}}", "same"},
        {"a$$b", "a$b"},
        {"", ""},
    };
    for (const auto& c : cases) {
        auto got = local::expand(c.pattern, fred(), safe);
        ASSERT_TRUE(got) << c.pattern;
        EXPECT_EQ(got->text, c.want);
        EXPECT_FALSE(got->undefined) << c.pattern;
    }
    EXPECT_FALSE(local::expand("${user", fred(), safe));
}

TEST(Names, TellWhenAValueIsMissing)
{
    auto names = fred();
    names.extension.reset();
    names.local = "fred";
    EXPECT_FALSE(local::expand("/f${recipient_delimiter}", names, safe)->undefined);
    EXPECT_TRUE(local::expand("/f/$extension", names, safe)->undefined);
    EXPECT_TRUE(local::expand("/f/$unknown", names, safe)->undefined);
    EXPECT_FALSE(local::expand("/f${extension?+x}", names, safe)->undefined);
    names.extension = "";
    names.local = "fred+";
    EXPECT_FALSE(local::expand("/f${recipient_delimiter}$extension", names, safe)->undefined);
}

TEST(Names, TellWhenTheExtensionIsPutIn)
{
    EXPECT_TRUE(local::expand("/f/$extension", fred(), safe)->uses_extension);
    EXPECT_FALSE(local::expand("/f/${extension?x}", fred(), safe)->uses_extension);
    EXPECT_FALSE(local::expand("/f/$user", fred(), safe)->uses_extension);
}

TEST(Names, AreFiltered)
{
    auto names = fred();
    names.extension = "`rm *`;$(x)\n$home";
    EXPECT_EQ(local::expand("/$extension", names, safe)->text, "/_rm______x___home");
    EXPECT_EQ(local::expand("/$extension", names, "")->text, "/`rm *`;$(x)\n$home");
    EXPECT_EQ(local::filtered("a b", "ab"), "a_b");
}

} // namespace
