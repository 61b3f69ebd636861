// SPDX-License-Identifier: Apache-2.0
// Recipients out of arguments and header fields.
#include "submit/sendmail/recipients.h"

#include <gtest/gtest.h>

using sendmail::HeaderRecipients;
using Words = std::vector<std::string>;

namespace {

struct Read {
    Words recipients;
    bool too_long = false;
};

Read read(std::string_view message, std::size_t step)
{
    HeaderRecipients header;
    Read result;
    for (; !message.empty(); message.remove_prefix(std::min(step, message.size())))
        header.feed(message.substr(0, step));
    header.finish();
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
        {"<>", {}},
        {"g:;", {}},
        {"\"\"", {""}},
        {"a@b c@d", {"a@b", "c@d"}},
        {"group: a@b, c@d;", {"a@b", "c@d"}},
        {"a@b (comment)", {"a@b"}},
        {"-x@y", {"-x@y"}},
        {"a\x01@b", {"a\x01@b"}},
    };
    for (const auto& [argument, want] : cases)
        EXPECT_EQ(sendmail::addresses_of(argument), want) << argument;
}

TEST(SendmailHeader, GivesRecipients)
{
    const struct {
        std::string_view name, message;
        Words recipients;
    } cases[] = {
        {"plain", "To: a@b\r\nSubject: x\r\n\r\nTo: c@d\r\n", {"a@b"}},
        {"all three",
         "to: A <a@b>,\r\n c@d\r\nBCC: e@f,\r\n\tg@h\r\ncc: i@j\r\n\r\nx",
         {"a@b", "c@d", "e@f", "g@h", "i@j"}},
        {"resent", "To: a@b\r\nResent-To: c@d\r\nResent-Bcc: e@f\r\n\r\n", {"c@d", "e@f"}},
        {"none", "Subject: x\r\n\r\ny\r\n", {}},
        {"empty group", "To: undisclosed-recipients:;\r\n\r\n", {}},
        {"no address", "To: <>, a@b\r\n\r\n", {"a@b"}},
        {"blanks for commas", "To: a@b c@d\r\n\t\r\n e@f\r\n\r\n", {"a@b", "c@d", "e@f"}},
        {"no header", "no header here\r\nTo: a@b\r\n", {}},
        {"no body", "To: a@b\r\n", {"a@b"}},
        {"header ends without empty line", "To: a@b\r\nfoo bar\r\nTo: c@d\r\n", {"a@b"}},
    };
    for (const auto& want : cases)
        for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{1000}})
            EXPECT_EQ(read(want.message, step).recipients, want.recipients) << want.name << step;
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
