// SPDX-License-Identifier: Apache-2.0
// Macros in commands: what they stand for, and what is no macro.
#include "local/pipe/arguments.h"

#include <gtest/gtest.h>

namespace pipe_mail::test {
namespace {

class ArgumentTest : public ::testing::Test {
protected:
    ArgumentTest()
    {
        request.queue_id = "4abc";
        request.next_hop = "Hop.Test";
        request.envelope.sender = "from me@example.org";
        request.envelope.dsn_envid = "id 1";
        request.envelope.client = {"c.test", "c.test", "192.0.2.1", 4711, "helo.test", "ESMTP"};
        request.content.size = 1234;
        recipient.address = "User+Ext@Example.COM";
        recipient.original = "Orig@Example.NET";
        style.null_sender = "MAILER-DAEMON";
        style.delimiters = "+";
    }

    std::string expand(const std::string& text)
    {
        auto argument = Argument::parse(text);
        EXPECT_TRUE(argument) << text;
        return argument ? argument->expand({request, style}, recipient) : "";
    }

    ipc::delivery::Deliver request;
    mail::Recipient recipient;
    AddressStyle style;
};

TEST_F(ArgumentTest, StandsForWhatIsKnownOfTheMessage)
{
    struct Case {
        std::string text, want;
    };
    const Case cases[] = {
        {"${sender}", "from me@example.org"},
        {"${recipient}", "User+Ext@Example.COM"},
        {"${original_recipient}", "Orig@Example.NET"},
        {"${user}", "User"},
        {"${extension}", "Ext"},
        {"${mailbox}", "User+Ext"},
        {"${domain}", "Example.COM"},
        {"${nexthop}", "Hop.Test"},
        {"${size}", "1234"},
        {"${queue_id}", "4abc"},
        {"${envid}", "id 1"},
        {"${client_address}", "192.0.2.1"},
        {"${client_hostname}", "c.test"},
        {"${client_helo}", "helo.test"},
        {"${client_protocol}", "ESMTP"},
        {"${client_port}", "4711"},
        {"${sasl_username}${sasl_method}${sasl_sender}", ""},
        {"$user", "User"},
        {"$(user)", "User"},
        {"($recipient)", "(User+Ext@Example.COM)"},
        {"$nexthop!rmail", "Hop.Test!rmail"},
        {"-f$sender", "-ffrom me@example.org"},
        {"$$", "$"},
        {"$$user$${x}", "$user${x}"},
        {"a$user-b${extension}c$$", "aUser-bExtc$"},
        {"", ""},
    };
    for (const auto& test : cases)
        EXPECT_EQ(expand(test.text), test.want) << test.text;
}

TEST_F(ArgumentTest, IsQuotedAndFoldedByFlags)
{
    recipient.address = "A b+C@Example.COM";
    style.quote = true;
    EXPECT_EQ(expand("$sender"), "\"from me\"@example.org");
    EXPECT_EQ(expand("$recipient"), "\"A b+C\"@Example.COM");
    EXPECT_EQ(expand("$user"), "A b");
    style.fold_domain = true;
    EXPECT_EQ(expand("$recipient"), "\"A b+C\"@example.com");
    EXPECT_EQ(expand("$domain"), "example.com");
    EXPECT_EQ(expand("$nexthop"), "hop.test");
    EXPECT_EQ(expand("$original_recipient"), "Orig@example.net");
    EXPECT_EQ(expand("$mailbox"), "A b+C");
    style = AddressStyle{.fold_local = true, .null_sender = {}, .delimiters = "+"};
    EXPECT_EQ(expand("$recipient $user $extension $mailbox $domain"),
              "a b+c@Example.COM a b c a b+c Example.COM");
}

TEST_F(ArgumentTest, NamesTheNullSenderAsTold)
{
    request.envelope.sender.clear();
    EXPECT_EQ(expand("<$sender>"), "<MAILER-DAEMON>");
    style.null_sender = "";
    style.quote = true;
    EXPECT_EQ(expand("<$sender>"), "<>");
}

TEST_F(ArgumentTest, ThatIsEmptyStaysAWord)
{
    recipient.address = "@example.com";
    EXPECT_EQ(expand("$user"), "");
    recipient.address = "+ext@example.com";
    EXPECT_EQ(expand("$user"), "+ext") << "no user without a name";
    recipient.address = "user@example.com";
    EXPECT_EQ(expand("$extension"), "");
    recipient.address = "nodomain";
    EXPECT_EQ(expand("$domain"), "");
}

TEST_F(ArgumentTest, IsNeverExpandedTwice)
{
    recipient.address = "${sender}$(size)$$`id`@example.com";
    EXPECT_EQ(expand("$recipient"), recipient.address);
    recipient.address = std::string("a\0b@c", 5);
    EXPECT_EQ(expand("$recipient"), "ab@c");
}

TEST_F(ArgumentTest, KnowsWhatIsForEachRecipient)
{
    for (const char* text : {"$recipient", "x${user}", "$extension", "$mailbox", "$domain",
                             "${original_recipient}", "$sender$user"})
        EXPECT_TRUE(Argument::parse(text)->per_recipient()) << text;
    for (const char* text : {"$sender", "$nexthop", "$size", "$$recipient", "recipient", ""})
        EXPECT_FALSE(Argument::parse(text)->per_recipient()) << text;
}

TEST_F(ArgumentTest, KnowsWhoChoseItsFirstByte)
{
    for (const char* text : {"$sender", "${user}@x"})
        EXPECT_TRUE(Argument::parse(text)->begins_with_macro()) << text;
    for (const char* text : {"-f$sender", "$$sender", " $user", ""})
        EXPECT_FALSE(Argument::parse(text)->begins_with_macro()) << text;
}

TEST_F(ArgumentTest, RefusesWhatIsNoMacro)
{
    struct Case {
        std::string text, fault;
    };
    const Case cases[] = {
        {"${nosuch}", "unknown macro name: \"nosuch\""},
        {"$sendernot", "unknown macro name: \"sendernot\""},
        {"${extension?x}", "unknown macro name: \"extension?x\""},
        {"${sender", "truncated macro reference: \"${sender\""},
        {"$(sender}", "truncated macro reference: \"$(sender}\""},
        {"a$", "truncated macro reference: \"a$\""},
        {"${}", "truncated macro reference: \"${}\""},
        {"$ sender", "truncated macro reference: \"$ sender\""},
    };
    for (const auto& test : cases) {
        const auto argument = Argument::parse(test.text);
        ASSERT_FALSE(argument) << test.text;
        EXPECT_EQ(argument.error().text, test.fault);
    }
}

} // namespace
} // namespace pipe_mail::test
