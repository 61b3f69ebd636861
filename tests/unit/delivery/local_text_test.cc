// SPDX-License-Identifier: Apache-2.0
// Messages in local form: line ends, quoting, heads, and all that at every cut of the input.
#include "lib/delivery/local_text.h"

#include <ctime>

#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

struct Case {
    std::string name;
    TextRules rules;
    std::string wire;
    std::string want;
};

TextRules rules(bool quote, bool dots, bool blank, std::string end = "\n")
{
    return {quote, dots, blank, std::move(end)};
}

const Case cases[] = {
    {"plain", rules(false, false, false), "a\r\n\r\nb\r\n", "a\n\nb\n"},
    {"empty", rules(true, true, false), "", ""},
    {"empty with blank end", rules(true, true, true), "", "\n"},
    {"no end of line", rules(false, false, false), "a\r\nb", "a\nb\n"},
    {"ends in CR", rules(false, false, false), "a\r", "a\r\n"},
    {"bare CR and LF", rules(false, false, false), "a\rb\nc\r\r\nd\n\r\n", "a\rb\nc\r\nd\n\n"},
    {"from", rules(true, false, false), "From x\r\n>From y\r\n From z\r\nFrom\r\nFromage\r\nFrom ",
     ">From x\n>From y\n From z\nFrom\nFromage\n>From \n"},
    {"from after bare LF", rules(true, false, false), "a\nFrom x\r\n", "a\n>From x\n"},
    {"from not quoted", rules(false, false, false), "From x\r\n", "From x\n"},
    {"dots", rules(false, true, false), ".\r\n..a\r\n b.\r\n.", "..\n...a\n b.\n..\n"},
    {"blank end", rules(false, false, true), "a\r\n\r\n", "a\n\n\n"},
    {"other line end", rules(true, true, true, "\r\n"), "a\nFrom b\r\n.c",
     "a\r\n>From b\r\n..c\r\n\r\n"},
    {"zero bytes", rules(true, true, false), std::string("a\0b\r\n\0.\r\n", 9),
     std::string("a\0b\n\0.\n", 7)},
};

TEST(LocalText, ConvertsWhateverTheCuts)
{
    for (const auto& test : cases) {
        for (std::size_t step = 1; step <= test.wire.size() + 1; ++step) {
            LocalText text(test.rules);
            std::string out;
            for (std::size_t at = 0; at < test.wire.size(); at += step)
                text.add(std::string_view(test.wire).substr(at, step), out);
            text.finish(out);
            EXPECT_EQ(out, test.want) << test.name << " in steps of " << step;
        }
    }
}

class HeadLinesTest : public ::testing::Test {
protected:
    HeadLinesTest()
    {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        head.now = base::from_unix_seconds(1'700'000'003);
        head.sender = "a b@example.org";
    }
    HeadLines head;
};

TEST_F(HeadLinesTest, HaveTheirOrderAndQuoting)
{
    head.from_line = head.return_path = true;
    head.original_to = "x@example.com";
    head.delivered_to = "y z@example.com";
    EXPECT_EQ(head.text(), "From \"a b\"@example.org  Tue Nov 14 22:13:23 2023\n"
                           "Return-Path: <\"a b\"@example.org>\n"
                           "X-Original-To: x@example.com\n"
                           "Delivered-To: \"y z\"@example.com\n");
}

TEST_F(HeadLinesTest, NameTheDaemonForTheNullSender)
{
    head.from_line = head.return_path = true;
    head.sender.clear();
    head.line_end = "\r\n";
    EXPECT_EQ(head.text(), "From MAILER-DAEMON  Tue Nov 14 22:13:23 2023\r\nReturn-Path: <>\r\n");
}

TEST_F(HeadLinesTest, AreOneLineEachWhateverTheAddress)
{
    head.return_path = true;
    head.sender = "a\nBcc: b@example.org";
    head.delivered_to = std::string("a\0\r\nb@c", 7);
    const std::string text = head.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
    EXPECT_EQ(text.find('\0'), std::string::npos);
}

TEST(MessageReader, ReadsItsPartOfTheFileAfterTheHead)
{
    const base::Fd file = memory_file("xxxxa\r\nb\r\nyyyy");
    MessageReader reader({file.number(), 4, 6, "head\n", rules(false, false, false)});
    std::string all;
    while (true) {
        auto piece = reader.next();
        ASSERT_TRUE(piece);
        if (piece->empty())
            break;
        all += *piece;
    }
    EXPECT_EQ(all, "head\na\nb\n");
}

TEST(MessageReader, CrossesPiecesAndEndsOnce)
{
    std::string wire, want;
    for (int i = 0; i < 40'000; ++i) {
        wire += "From \r\n";
        want += ">From \n";
    }
    const base::Fd file = memory_file(wire);
    MessageReader reader({file.number(), 0, wire.size(), "", rules(true, false, true)});
    std::string all;
    for (auto piece = reader.next(); !piece->empty(); piece = reader.next())
        all += *piece;
    EXPECT_EQ(all, want + "\n");
    EXPECT_TRUE(reader.next()->empty());
}

TEST(MessageReader, FailsOnAFileThatIsTooShort)
{
    const base::Fd file = memory_file("abc");
    MessageReader reader({file.number(), 0, 4, "", {}});
    auto first = reader.next();
    ASSERT_TRUE(first);
    auto second = reader.next();
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().temporary());
}

} // namespace
} // namespace delivery::test
