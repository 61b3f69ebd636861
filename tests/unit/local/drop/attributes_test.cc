// SPDX-License-Identifier: Apache-2.0
// Attributes of drop services.
#include "local/drop/attributes.h"

#include <gtest/gtest.h>

namespace drop::test {
namespace {

TEST(DropAttributes, AreRead)
{
    const auto read = parse_attributes(
        {"user=list:mail", "directory=/srv/drop", "mode=0640", "envelope=no", "eol=crlf"});
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->user, "list");
    EXPECT_EQ(read->group, "mail");
    EXPECT_EQ(read->directory, "/srv/drop");
    EXPECT_EQ(read->mode, 0640u);
    EXPECT_FALSE(read->envelope);
    EXPECT_TRUE(read->crlf);
    const auto plain = parse_attributes({"user=list", "directory=/d"});
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->mode, 0600u);
    EXPECT_TRUE(plain->envelope);
    EXPECT_FALSE(plain->crlf);
}

TEST(DropAttributes, AreRefusedWithAReason)
{
    struct Case {
        std::string word, fault;
    };
    const Case cases[] = {
        {"user=", "bad value: user="},
        {"directory=relative", "bad value: directory=relative"},
        {"mode=0755", "bad value: mode=0755"},
        {"mode=4600", "bad value: mode=4600"},
        {"mode=0400", "bad value: mode=0400"},
        {"mode=9", "bad value: mode=9"},
        {"envelope=maybe", "bad value: envelope=maybe"},
        {"eol=cr", "bad value: eol=cr"},
        {"color=red", "unknown attribute name: color=red"},
        {"mode", "unknown attribute name: mode"},
    };
    for (const auto& test : cases) {
        const auto read = parse_attributes({"user=a", "directory=/d", test.word});
        ASSERT_FALSE(read) << test.word;
        EXPECT_EQ(read.error().text, test.fault);
    }
    EXPECT_EQ(parse_attributes({"user=a"}).error().text,
              "missing directory= command-line attribute");
    EXPECT_EQ(parse_attributes({"directory=/d"}).error().text,
              "missing user= command-line attribute");
}

} // namespace
} // namespace drop::test
