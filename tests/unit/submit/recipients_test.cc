// SPDX-License-Identifier: Apache-2.0
// Recipients out of arguments and header fields.
#include "submit/sendmail/recipients.h"

#include <gtest/gtest.h>

using sendmail::HeaderRecipients;
using Words = std::vector<std::string>;

namespace {

struct Read {
    Words recipients;
    std::string out;
    bool too_long = false;
};

Read read(std::string_view message, std::size_t step)
{
    HeaderRecipients header;
    Read result;
    for (; !message.empty(); message.remove_prefix(std::min(step, message.size())))
        header.feed(message.substr(0, step), result.out);
    header.finish(result.out);
    result.recipients = header.recipients();
    result.too_long = header.too_long();
    return result;
}

} // namespace

TEST(SendmailArguments, HoldAddresses)
{
    const struct {
        std::string_view argument;
        Words want;
    } cases[] = {
        {"root", {"root"}},
        {"a@b.c", {"a@b.c"}},
        {"<a@b.c>", {"a@b.c"}},
        {"Name <a@b.c>", {"a@b.c"}},
        {"\"Last, First\" <a@b.c>", {"a@b.c"}},
        {"a@b, c@d", {"a@b", "c@d"}},
        {"\"a b\"@c", {"a b@c"}},
        {"a b", {"a", "b"}},
        {"", {}},
        {"  ", {}},
        {"group: a@b, c@d;", {"a@b", "c@d"}},
        {"a@b (comment)", {"a@b"}},
        {"-x@y", {"-x@y"}},
        {"a\x01@b", {"a\x01@b"}},
    };
    for (const auto& [argument, want] : cases)
        EXPECT_EQ(sendmail::addresses_of(argument), want) << argument;
}

TEST(SendmailHeader, GivesRecipientsAndLosesBcc)
{
    const struct {
        std::string_view name, message;
        Words recipients;
        std::string_view out;
    } cases[] = {
        {"plain",
         "To: a@b\r\nSubject: x\r\n\r\nTo: c@d\r\n",
         {"a@b"},
         "To: a@b\r\nSubject: x\r\n\r\nTo: c@d\r\n"},
        {"all three",
         "to: A <a@b>,\r\n c@d\r\nBCC: e@f,\r\n\tg@h\r\ncc: i@j\r\n\r\nx",
         {"a@b", "c@d", "e@f", "g@h", "i@j"},
         "to: A <a@b>,\r\n c@d\r\ncc: i@j\r\n\r\nx"},
        {"resent",
         "To: a@b\r\nResent-To: c@d\r\nResent-Bcc: e@f\r\n\r\n",
         {"c@d", "e@f"},
         "To: a@b\r\nResent-To: c@d\r\n\r\n"},
        {"none", "Subject: x\r\n\r\ny\r\n", {}, "Subject: x\r\n\r\ny\r\n"},
        {"empty group",
         "To: undisclosed-recipients:;\r\n\r\n",
         {},
         "To: undisclosed-recipients:;\r\n\r\n"},
        {"no header", "no header here\r\n", {}, "\r\nno header here\r\n"},
        {"no body", "To: a@b\r\n", {"a@b"}, "To: a@b\r\n"},
        {"header ends without empty line",
         "To: a@b\r\nfoo bar\r\n",
         {"a@b"},
         "To: a@b\r\n\r\nfoo bar\r\n"},
    };
    for (const auto& want : cases)
        for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
            const Read got = read(want.message, step);
            EXPECT_EQ(got.recipients, want.recipients) << want.name << step;
            EXPECT_EQ(got.out, want.out) << want.name << step;
        }
}

TEST(SendmailHeader, LosesNoRecipientOfALongField)
{
    std::string message = "To: a0@b.test";
    for (int i = 1; i < 20'000; ++i)
        message += ",\r\n a" + std::to_string(i) + "@b.test";
    const Read got = read(message + "\r\n\r\n", 4096);
    EXPECT_EQ(got.recipients.size(), 20'000u);
    EXPECT_FALSE(got.too_long);
}

TEST(SendmailHeader, TellsOfAFieldThatIsTooLong)
{
    std::string message = "To: ";
    message.append(sendmail::header_field_limit, 'a');
    const Read got = read(message + "\r\n\r\n", 1 << 20);
    EXPECT_TRUE(got.too_long);
}
