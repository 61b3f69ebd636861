// SPDX-License-Identifier: Apache-2.0
// Attributes of pipe services, as Debian's master.cf and others have them.
#include "local/pipe/attributes.h"

#include <gtest/gtest.h>

namespace pipe_mail::test {
namespace {

TEST(Attributes, AreReadUpToTheCommand)
{
    const auto read = parse_attributes({"flags=BDFORXhqu.>", "USER=vmail:mail", "size=100",
                                        "directory=/tmp", "chroot=/srv", "eol=\\r\\n",
                                        "null_sender=", "argv=/bin/x", "-f", "user=kept", ""});
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->user, "vmail");
    EXPECT_EQ(read->group, "mail");
    EXPECT_EQ(read->size, 100u);
    EXPECT_EQ(read->directory, "/tmp");
    EXPECT_EQ(read->root, "/srv");
    EXPECT_EQ(read->addresses.null_sender, "");
    EXPECT_TRUE(read->addresses.quote && read->addresses.fold_domain && read->addresses.fold_local);
    EXPECT_TRUE(read->delivered_to && read->from_line && read->original_to && read->return_path &&
                read->final_delivery && read->single_recipient());
    EXPECT_TRUE(read->text.blank_end && read->text.stuff_dots && read->text.quote_from);
    EXPECT_EQ(read->text.line_end, "\r\n");
    EXPECT_EQ(read->argv, (std::vector<std::string>{"/bin/x", "-f", "user=kept", ""}));
}

TEST(Attributes, HaveDefaults)
{
    const auto read = parse_attributes({"user=a", "argv=b"});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->addresses.null_sender, "MAILER-DAEMON");
    EXPECT_EQ(read->text.line_end, "\n");
    EXPECT_EQ(read->size, 0u);
    EXPECT_TRUE(read->group.empty());
    EXPECT_FALSE(read->single_recipient());
}

TEST(Attributes, AreRefusedWithAReason)
{
    struct Case {
        std::vector<std::string> words;
        std::string fault;
    };
    const Case cases[] = {
        {{}, "missing user= command-line attribute"},
        {{"user=", "argv=x"}, "missing user= command-line attribute"},
        {{"user=a"}, "missing argv= command-line attribute"},
        {{"user=a", "argv="}, "missing argv= command-line attribute"},
        {{"flags=RZ", "user=a", "argv=x"}, "unknown flag: Z"},
        {{"size=1k", "user=a", "argv=x"}, "bad size= value: 1k"},
        {{"size=-1", "user=a", "argv=x"}, "bad size= value: -1"},
        {{"size=99999999999999999999", "user=a", "argv=x"},
         "bad size= value: 99999999999999999999"},
        {{"color=red", "user=a", "argv=x"}, "unknown attribute name: color=red"},
        {{"user", "argv=x"}, "unknown attribute name: user"},
        {{"-v", "user=a", "argv=x"}, "unknown attribute name: -v"},
    };
    for (const auto& test : cases) {
        const auto read = parse_attributes(test.words);
        ASSERT_FALSE(read) << test.fault;
        EXPECT_EQ(read.error().text, test.fault);
    }
}

TEST(Attributes, KnowEscapeSequences)
{
    EXPECT_EQ(unescape("\\a\\b\\f\\n\\r\\t\\v"), "\a\b\f\n\r\t\v");
    EXPECT_EQ(unescape("\\015\\12x\\0"), std::string("\r\nx\0", 4));
    EXPECT_EQ(unescape("\\1012"), "A2");
    EXPECT_EQ(unescape("a\\\\n\\q\\"), "a\\nq\\");
    EXPECT_EQ(unescape(""), "");
}

} // namespace
} // namespace pipe_mail::test
