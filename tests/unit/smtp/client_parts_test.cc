// SPDX-License-Identifier: Apache-2.0
// The parts of the SMTP client that need no conversation: reply parser, capabilities, commands,
// content filter.
#include <gtest/gtest.h>

#include "lib/smtp/client_capabilities.h"
#include "lib/smtp/client_commands.h"
#include "lib/smtp/client_content.h"
#include "lib/smtp/reply_parser.h"

using smtp::ReplyParser;
using State = ReplyParser::State;
using namespace std::string_literals;

namespace {

ReplyParser parse(std::string_view bytes, std::size_t step)
{
    ReplyParser parser;
    for (std::size_t at = 0; at < bytes.size() && parser.state() == State::Reading;)
        at += parser.feed(bytes.substr(at, step));
    return parser;
}

struct ReplyCase {
    std::string name;
    std::string input;
    int code;
    std::string dsn;
    std::string text;
};

const std::vector<ReplyCase> replies = {
    {"plain", "250 Ok\r\n", 250, "2.0.0", "250 Ok"},
    {"enhanced", "550 5.1.1 no\r\n", 550, "5.1.1", "550 5.1.1 no"},
    {"long parts", "550 5.123.456 no\r\n", 550, "5.123.456", "550 5.123.456 no"},
    {"too long a part", "550 5.1234.1 no\r\n", 550, "5.0.0", "550 5.1234.1 no"},
    {"two parts", "550 5.1 no\r\n", 550, "5.0.0", "550 5.1 no"},
    {"wrong class", "450 5.1.1 no\r\n", 450, "4.0.0", "450 5.1.1 no"},
    {"code only", "250\r\n", 250, "2.0.0", "250"},
    {"enhanced code only", "250 2.1.0\r\n", 250, "2.1.0", "250 2.1.0"},
    {"bare LF", "250 Ok\n", 250, "2.0.0", "250 Ok"},
    {"many CR", "250 Ok\r\r\r\n", 250, "2.0.0", "250 Ok"},
    {"NUL and controls", "250 a\0b\x07\xff\r\n"s, 250, "2.0.0", "250 a?b??"},
    {"UTF-8", "250 gr\xc3\xbc\r\n", 250, "2.0.0", "250 gr\xc3\xbc"},
    {"two lines", "550-5.1.1 a\r\n550 5.1.1 b\r\n", 550, "5.1.1", "550-5.1.1 a\n550 5.1.1 b"},
    {"the last code counts", "250-a\r\n550 b\r\n", 550, "5.0.0", "250-a\n550 b"},
    {"garbage first", "hello\r\n25\r\n250x\r\n\r\n250 Ok\r\n", 250, "2.0.0", "250 Ok"},
    {"354", "354 go\r\n", 354, "5.5.0", "354 go"},
};

} // namespace

TEST(ReplyParser, ReadsRepliesInAnyPieces)
{
    for (const ReplyCase& c : replies) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{10000}}) {
            SCOPED_TRACE(c.name);
            const ReplyParser parser = parse(c.input, step);
            ASSERT_EQ(parser.state(), State::Done);
            EXPECT_EQ(parser.reply().code, c.code);
            EXPECT_EQ(parser.reply().dsn, c.dsn);
            EXPECT_EQ(parser.reply().text, c.text);
        }
    }
}

TEST(ReplyParser, LeavesTheNextReplyAlone)
{
    ReplyParser parser;
    EXPECT_EQ(parser.feed("250 a\r\n550 b\r\n"), 7u);
    EXPECT_EQ(parser.reply().code, 250);
    parser.reset();
    EXPECT_EQ(parser.feed("550 b\r\n"), 7u);
    EXPECT_EQ(parser.reply().code, 550);
}

TEST(ReplyParser, WaitsForWhatIsMissing)
{
    for (const char* input : {"", "2", "250", "250 Ok", "250 Ok\r", "250-Ok\r\n", "250-a\r\n250"})
        EXPECT_EQ(parse(input, 1).state(), State::Reading) << input;
}

TEST(ReplyParser, BoundsWhatAHostileServerSends)
{
    ReplyParser line;
    line.feed("250 ");
    const std::string block(64 * 1024, 'x');
    int blocks = 0;
    for (; line.state() == State::Reading && blocks < 16384; ++blocks)
        line.feed(block);
    EXPECT_EQ(line.state(), State::TooLong);
    EXPECT_LT(blocks, 10);

    ReplyParser lines;
    int count = 0;
    for (; lines.state() == State::Reading && count < 1'000'000; ++count)
        lines.feed("250-x\r\n");
    EXPECT_EQ(lines.state(), State::TooLong);
    EXPECT_LE(lines.reply().text.size(), smtp::reply_text_limit);

    ReplyParser garbage;
    for (count = 0; garbage.state() == State::Reading && count < 1000; ++count)
        garbage.feed("x\r\n");
    EXPECT_EQ(garbage.state(), State::Nonsense);
    EXPECT_EQ(garbage.garbage(), "x");
}

TEST(ReplyParser, CutsLongLinesAndKeepsTheirCode)
{
    const ReplyParser parser = parse("550 5.7.1 " + std::string(5000, 'x') + "\r\n", 100);
    EXPECT_EQ(parser.reply().code, 550);
    EXPECT_EQ(parser.reply().dsn, "5.7.1");
    EXPECT_EQ(parser.reply().text.size(), smtp::reply_line_limit);
}

TEST(Capabilities, AreReadFromTheReply)
{
    const ReplyParser parser =
        parse("250-MX.example greets\r\n250-pipelining\r\n250-SIZE 1000\r\n250-8BITMIME\r\n"
              "250-AUTH PLAIN  LOGIN\r\n250-AUTH=LOGIN CRAM-MD5\r\n250-X-NEW\r\n250-\r\n"
              "250-ENHANCEDSTATUSCODES\r\n250-CHUNKING\r\n250 DSN\r\n",
              1000);
    const smtp::Capabilities all = smtp::parse_capabilities(parser.reply(), "");
    EXPECT_EQ(all.server_name, "MX.example");
    EXPECT_TRUE(all.has(smtp::extension::pipelining));
    EXPECT_TRUE(all.has(smtp::extension::eight_bit_mime));
    EXPECT_TRUE(all.has(smtp::extension::chunking));
    EXPECT_FALSE(all.has(smtp::extension::starttls));
    EXPECT_EQ(all.size_limit, 1000u);
    EXPECT_EQ(all.auth_mechanisms, "PLAIN LOGIN LOGIN CRAM-MD5");

    const smtp::Capabilities few = smtp::parse_capabilities(parser.reply(), "Pipelining, dsn");
    EXPECT_FALSE(few.has(smtp::extension::pipelining));
    EXPECT_FALSE(few.has(smtp::extension::dsn));
    EXPECT_TRUE(few.has(smtp::extension::size));
    EXPECT_EQ(few.discarded, "pipelining DSN");
}

TEST(Capabilities, PassOverABadSize)
{
    for (const char* size : {"x", "-1", "1e9", "99999999999999999999", "0x10"}) {
        const ReplyParser parser = parse("250-mx\r\n250 SIZE "s + size + "\r\n", 1000);
        const smtp::Capabilities found = smtp::parse_capabilities(parser.reply(), "");
        EXPECT_TRUE(found.has(smtp::extension::size));
        EXPECT_EQ(found.size_limit, 0u);
        EXPECT_EQ(found.bad_size, size);
    }
}

TEST(ClientCommands, QuoteOnlyWhatNeedsIt)
{
    const std::vector<std::pair<std::string, std::string>> table = {
        {"", ""},
        {"a@x", "a@x"},
        {"a.b+c@x", "a.b+c@x"},
        {"postmaster", "postmaster"},
        {"a b@x", "\"a b\"@x"},
        {".a@x", "\".a\"@x"},
        {"a..b@x", "\"a..b\"@x"},
        {"a\"b\\c@x", "\"a\\\"b\\\\c\"@x"},
        {"a@b@x", "\"a@b\"@x"},
        {"@x", "\"\"@x"},
        {"gr\xc3\xbc@x", "gr\xc3\xbc@x"},
        {"a>b@x", "\"a>b\"@x"},
    };
    for (const auto& [input, want] : table) {
        std::string got;
        smtp::append_quoted_address(got, input);
        EXPECT_EQ(got, want);
    }
    for (const std::string& bad : {"a\rb@x"s, "a\nb@x"s, "a\0b@x"s, "a\tb@x"s, "a@x\x7f"s})
        EXPECT_FALSE(smtp::is_sendable_address(bad));
}

TEST(ClientCommands, CarryParametersTheServerOffers)
{
    mail::Envelope envelope;
    envelope.sender = "s@x";
    envelope.body = mail::BodyType::EightBitMime;
    envelope.dsn_envid = "a+b=c\0\t "s;
    envelope.dsn_return = mail::DsnReturn::Headers;
    mail::Recipient rcpt{"r@y", "o+r@y", "", mail::notify::success | mail::notify::delay};

    smtp::Capabilities offered;
    std::string mail, to;
    smtp::append_mail_command(mail, envelope, 42, {offered});
    smtp::append_rcpt_command(to, rcpt, {offered});
    EXPECT_EQ(mail, "MAIL FROM:<s@x>\r\n");
    EXPECT_EQ(to, "RCPT TO:<r@y>\r\n");

    offered.offered = smtp::extension::size | smtp::extension::eight_bit_mime |
                      smtp::extension::dsn | smtp::extension::auth;
    const smtp::CommandStyle style{offered, true, true, true};
    mail.clear();
    to.clear();
    smtp::append_mail_command(mail, envelope, 42, style);
    smtp::append_rcpt_command(to, rcpt, style);
    EXPECT_EQ(mail, "MAIL FROM:<s@x> SIZE=42 BODY=8BITMIME ENVID=a+2Bb+3Dc+00+09+20 RET=HDRS "
                    "AUTH=<> SMTPUTF8\r\n");
    EXPECT_EQ(to, "RCPT TO:<r@y> ORCPT=rfc822;o+2Br@y NOTIFY=SUCCESS,DELAY\r\n");

    rcpt.dsn_orcpt = "utf-8;gr\xc3\xbc+x@y";
    rcpt.dsn_notify = mail::notify::never;
    to.clear();
    smtp::append_rcpt_command(to, rcpt, style);
    EXPECT_EQ(to, "RCPT TO:<r@y> ORCPT=utf-8;gr+C3+BC+2Bx@y NOTIFY=NEVER\r\n");
}

namespace {

std::string filter(std::string_view input, std::size_t step, std::size_t limit = 998)
{
    smtp::ContentFilter filter(limit);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += step)
        filter.feed(input.substr(at, step), out);
    filter.finish(out);
    return out;
}

struct ContentCase {
    std::string input;
    std::string want;
};

// SMUG-04: ends of data that one server believes and another does not.
const std::vector<ContentCase> contents = {
    {"", ".\r\n"},
    {"a\r\n", "a\r\n.\r\n"},
    {"a", "a\r\n.\r\n"},
    {"a\r", "a \r\n.\r\n"},
    {"a\n", "a \r\n.\r\n"},
    {".\r\n", "..\r\n.\r\n"},
    {"..\r\n.a\r\n", "...\r\n..a\r\n.\r\n"},
    {"a\n.\n", "a . \r\n.\r\n"},
    {"a\n.\r\nb", "a .\r\nb\r\n.\r\n"},
    {"a\r.\rb", "a . b\r\n.\r\n"},
    {"a\r\n.\nb", "a\r\n.. b\r\n.\r\n"},
    {"a\r\n.\rb", "a\r\n.. b\r\n.\r\n"},
    {"a\r\r\n.\r\r\n", "a \r\n.. \r\n.\r\n"},
    {"\n.\r\n", " .\r\n.\r\n"},
    {"\r\r.\r\n", "  .\r\n.\r\n"},
    {"\r\n\r\n", "\r\n\r\n.\r\n"},
    {"a\0b\r\n"s, "a\0b\r\n.\r\n"s},
};

} // namespace

TEST(ContentFilter, LetsNoBareLineEndOrEarlyDotOut)
{
    for (const ContentCase& c : contents)
        for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{1000}})
            EXPECT_EQ(filter(c.input, step), c.want) << testing::PrintToString(c.input);
}

TEST(ContentFilter, BreaksLongLinesWithASpace)
{
    EXPECT_EQ(filter("12345\r\n", 99, 5), "12345\r\n.\r\n");
    EXPECT_EQ(filter("1234567890\r\n", 99, 5), "12345\r\n 6789\r\n 0\r\n.\r\n");
    EXPECT_EQ(filter("1234567890\r\n", 1, 5), "12345\r\n 6789\r\n 0\r\n.\r\n");
    EXPECT_EQ(filter(".2345.789\r\n", 99, 5), "..2345\r\n .789\r\n.\r\n");
    EXPECT_EQ(filter("1234567890\r\n", 99, 0), "1234567890\r\n.\r\n");
    EXPECT_EQ(filter("123\r\n", 99, 1), "1\r\n 2\r\n 3\r\n.\r\n");
}

TEST(ContentFilter, BreaksAMebibyteOfOneLine)
{
    const std::string out = filter(std::string(1 << 20, '.'), 4000);
    std::size_t longest = 0;
    for (std::size_t at = 0; at < out.size();) {
        const std::size_t end = out.find("\r\n", at);
        longest = std::max(longest, end - at);
        at = end + 2;
    }
    EXPECT_EQ(longest, 999u); // The doubled dot of the first line does not count.
}
