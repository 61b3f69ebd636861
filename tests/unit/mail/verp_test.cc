// SPDX-License-Identifier: Apache-2.0
// Senders of copies.
#include "lib/mail/verp.h"

#include <gtest/gtest.h>

TEST(Verp, PutsTheRecipientIntoTheSender)
{
    const struct {
        std::string_view sender, delimiters, recipient, original, want;
    } cases[] = {
        {"list@b.test", "+=", "u@x.test", "u@x.test", "list+u=x.test@b.test"},
        {"list@b.test", "-=", "u@x.test", "u@x.test", "list-u=x.test@b.test"},
        {"list@b.test", "==", "u@x.test", "u@x.test", "list=u=x.test@b.test"},
        {"list@b.test", "+=", "one@y.test", "alias@x.test", "list+alias=x.test@b.test"},
        {"list@b.test", "+=", "u@mail.b.test", "u", "list+u@b.test"},
        {"list@b.test", "+=", "u@x.test", "", "list+u=x.test@b.test"},
        {"list@b.test", "+=", "a b@x.test", "a b@x.test", "list+a b=x.test@b.test"},
        {"list@b.test", "+=", "a@b@x.test", "a@b@x.test", "list+a@b=x.test@b.test"},
        {"a@list@b.test", "+=", "u@x.test", "u@x.test", "a@list+u=x.test@b.test"},
        {"list+x@b.test", "+=", "u+y@x.test", "u+y@x.test", "list+x+u+y=x.test@b.test"},
        {"list", "+=", "u@x.test", "u@x.test", "list+u=x.test"},
        {"@b.test", "+=", "u@x.test", "u@x.test", "+u=x.test@b.test"},
        {"list@b.test", "+=", "u@", "u@", "list+u=@b.test"},
        {"", "+=", "u@x.test", "u@x.test", ""},
        {"#@[]", "+=", "u@x.test", "u@x.test", "#@[]"},
    };
    for (const auto& one : cases) {
        const mail::Recipient recipient{std::string(one.recipient), std::string(one.original), {}};
        EXPECT_EQ(mail::verp_sender(one.sender, one.delimiters, recipient), one.want);
    }
}

TEST(Verp, KnowsDelimiters)
{
    for (const char* good : {"+=", "-=", "=+", "--", "=="})
        EXPECT_TRUE(mail::are_verp_delimiters(good, "-=+")) << good;
    using namespace std::string_literals;
    for (const auto& bad : {""s, "+"s, "+=-"s, "+%"s, "%="s, "@@"s, "+\n"s, "+\0"s})
        EXPECT_FALSE(mail::are_verp_delimiters(bad, "-=+")) << bad;
    EXPECT_FALSE(mail::are_verp_delimiters("+=", ""));
}
