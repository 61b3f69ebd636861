// SPDX-License-Identifier: Apache-2.0
// Who sends.
#include "submit/sendmail/sender.h"

#include <cstdlib>
#include <gtest/gtest.h>

using sendmail::Caller;
using sendmail::Options;

TEST(SendmailSender, IsTheCallerOrWhomHeNames)
{
    const Caller caller{"joe", "Joe"};
    const struct {
        std::optional<std::string> given;
        std::string_view want;
    } cases[] = {
        {std::nullopt, "joe"},
        {"", ""},
        {"<>", ""},
        {" <> ", ""},
        {"a@b", "a@b"},
        {"<a@b>", "a@b"},
        {"N <a@b>", "a@b"},
        {"a@b, c@d", "a@b"},
        {"\"x y\"@z", "x y@z"},
        {"undisclosed:;", ""},
        {"(", ""},
    };
    for (const auto& [given, want] : cases) {
        Options options;
        options.sender = given;
        EXPECT_EQ(sendmail::sender_address(options, caller), want) << given.value_or("none");
    }
}

TEST(SendmailSender, NameHasItsOrder)
{
    const Caller caller{"joe", "Joe"};
    Options options;
    ::unsetenv("NAME");
    EXPECT_EQ(sendmail::sender_name(options, caller), "Joe");
    ::setenv("NAME", "From Environment", 1);
    EXPECT_EQ(sendmail::sender_name(options, caller), "From Environment");
    options.full_name = "Given\r\nBcc: x";
    EXPECT_EQ(sendmail::sender_name(options, caller), "Given  Bcc: x");
    options.full_name = std::string(100'000, 'x');
    EXPECT_EQ(sendmail::sender_name(options, caller).size(), submit::full_name_limit);
    ::unsetenv("NAME");
}

TEST(SendmailSender, NameComesOutOfThePasswordFile)
{
    EXPECT_EQ(sendmail::name_of_gecos("Joe User,Room 7,123", "joe"), "Joe User");
    EXPECT_EQ(sendmail::name_of_gecos("& Smith", "joe"), "Joe Smith");
    EXPECT_EQ(sendmail::name_of_gecos("", "joe"), "");
}
