// SPDX-License-Identifier: Apache-2.0
#include "lib/config/params/local.h"

#include <gtest/gtest.h>

namespace config {
namespace {

std::vector<std::string> faults_of(const std::string& text)
{
    Faults faults;
    LocalParams params;
    MainCf main = MainCf::parse(text, "main.cf", faults);
    params.declare(main);
    main.set_default("message_size_limit", "10240000");
    params.load(main, faults);
    std::vector<std::string> texts;
    for (const auto& fault : faults)
        texts.push_back(fault.text);
    return texts;
}

TEST(LocalParams, KeepNamesThatAreExpandedLater)
{
    Faults faults;
    LocalParams params;
    MainCf main = MainCf::parse("home = /x\nmailbox_command = procmail -a \"$EXTENSION\" ${y\n"
                                "luser_relay = $user@$home\n",
                                "main.cf", faults);
    params.declare(main);
    params.load(main, faults);
    EXPECT_TRUE(faults.empty());
    EXPECT_EQ(params.mailbox_command(), "procmail -a \"$EXTENSION\" ${y");
    EXPECT_EQ(params.luser_relay(), "$user@$home");
    EXPECT_EQ(params.forward_path(),
              "$home/.forward${recipient_delimiter}${extension}, $home/.forward");
}

TEST(LocalParams, TellWhatCannotBe)
{
    struct Case {
        const char* text;
        std::vector<std::string> want;
    };
    const Case cases[] = {
        {"", {}},
        {"mailbox_size_limit = 0\n", {}},
        {"allow_mail_to_commands = alias, forward, include\n", {}},
        {"allow_mail_to_files =\n", {}},
        {"allow_mail_to_commands = aliases\n",
         {"bad value for allow_mail_to_commands: \"aliases\" is none of the words it may have"}},
        {"prepend_delivered_header = mailbox\n",
         {"bad value for prepend_delivered_header: \"mailbox\" is none of the words it may have"}},
        {"mailbox_delivery_lock =\n",
         {"bad value for mailbox_delivery_lock: a mailbox needs a lock"}},
        {"mailbox_size_limit = 1000\n",
         {"bad value for mailbox_size_limit: it is smaller than message_size_limit"}},
        {"message_size_limit = 0\n",
         {"bad value for mailbox_size_limit: it is limited but message_size_limit is unlimited"}},
        {"luser_relay = ${user\n", {"bad value for luser_relay: missing '}' in \"${user\""}},
    };
    for (const auto& c : cases)
        EXPECT_EQ(faults_of(c.text), c.want) << c.text;
}

} // namespace
} // namespace config
