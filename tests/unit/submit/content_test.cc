// SPDX-License-Identifier: Apache-2.0
// Lines of standard input become wire form, whatever their ends, in whatever pieces they come.
#include "submit/sendmail/content.h"

#include <gtest/gtest.h>

using config::LineEndings;
using sendmail::ContentReader;

namespace {

std::string read(std::string_view input, ContentReader::Rules rules, std::size_t step)
{
    ContentReader reader{rules};
    std::string out;
    for (; !input.empty(); input.remove_prefix(std::min(step, input.size())))
        reader.feed(input.substr(0, step), out);
    reader.finish(out);
    EXPECT_TRUE(reader.ended());
    return out;
}

} // namespace

TEST(SendmailContent, BecomesWireForm)
{
    constexpr auto always = LineEndings::Always;
    constexpr auto strict = LineEndings::Strict;
    constexpr auto never = LineEndings::Never;
    const struct {
        std::string_view name, input;
        ContentReader::Rules rules;
        std::string_view want;
    } cases[] = {
        {"nothing", "", {true, always}, ""},
        {"LF", "a\nb\n", {true, always}, "a\r\nb\r\n"},
        {"CRLF", "a\r\nb\r\n", {true, always}, "a\r\nb\r\n"},
        {"mixed", "a\nb\r\n\n\r\n", {true, always}, "a\r\nb\r\n\r\n\r\n"},
        {"no last end", "a\nb", {true, always}, "a\r\nb\r\n"},
        {"last CR", "a\r", {true, always}, "a\r\n"},
        {"CR inside", "a\rb\n\rc\n", {true, always}, "a\rb\r\n\rc\r\n"},
        {"two CR", "a\r\r\n", {true, always}, "a\r\n"},
        {"two CR kept", "a\r\r\n", {true, never}, "a\r\r\r\n"},
        {"two CR inside", "a\r\rb\n", {true, always}, "a\r\rb\r\n"},
        {"dot ends", "a\n.\nb\n", {true, always}, "a\r\n"},
        {"dot with CRLF ends", "a\r\n.\r\nb\n", {true, always}, "a\r\n"},
        {"dot at the very end", "a\n.", {true, always}, "a\r\n"},
        {"dot first", ".\nb\n", {true, always}, ""},
        {"dot is a line", "a\n.\nb\n", {false, always}, "a\r\n.\r\nb\r\n"},
        {"two dots", "..\n.a\n", {true, always}, "..\r\n.a\r\n"},
        {"dot and CR", ".\ra\n.\r\r\nb\n", {true, always}, ".\ra\r\n"},
        {"separator", "From x y\nS: a\n\nFrom b\n", {true, always}, "S: a\r\n\r\nFrom b\r\n"},
        {"separators", "From x\r\n>>From y\nFrom \nS: a\n", {true, always}, "S: a\r\n"},
        {"no separator", "From: x\nFrom y\n", {true, always}, "From: x\r\nFrom y\r\n"},
        {"marks alone", ">>\nFrom y\n", {true, always}, ">>\r\nFrom y\r\n"},
        {"too short", "Fro\nm x\n", {true, always}, "Fro\r\nm x\r\n"},
        {"nothing else", "From x\n", {true, always}, ""},
        {"cut off", "From x", {true, always}, "From x\r\n"},
        {"empty first line", "\nFrom x\n", {true, always}, "\r\nFrom x\r\n"},
        {"dot behind a separator", "From x\n.\nb\n", {true, always}, ""},
        {"strict behind one with CR", "From x\r\na\r\n", {true, strict}, "a\r\n"},
        {"strict behind one without", "From x\na\r\n", {true, strict}, "a\r\r\n"},
        {"CR and dot", "\r.\nb\n", {true, always}, "\r.\r\nb\r\n"},
        {"LF.CR", "a\n.\rb\n", {true, always}, "a\r\n.\rb\r\n"},
        {"strict with LF", "a\nb\r\n", {true, strict}, "a\r\nb\r\r\n"},
        {"strict with CRLF", "a\r\nb\r\nc\n", {true, strict}, "a\r\nb\r\nc\r\n"},
        {"never", "a\r\nb\n", {true, never}, "a\r\r\nb\r\n"},
        {"never and dot", "a\n.\r\nb\n", {true, never}, "a\r\n.\r\r\nb\r\n"},
        {"NUL", std::string_view("a\0b\n", 4), {true, always}, std::string_view("a\0b\r\n", 5)},
    };
    for (const auto& [name, input, rules, want] : cases)
        for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{1000}})
            EXPECT_EQ(read(input, rules, step), want) << name << " in pieces of " << step;
}

TEST(SendmailContent, HasNoSeparatorOfAnyLength)
{
    const std::string line = "From " + std::string(2040, 'x');
    constexpr ContentReader::Rules rules{true, LineEndings::Always};
    EXPECT_EQ(read(line + "\na\n", rules, 1000), "a\r\n");
    EXPECT_EQ(read(line + "xxxx\na\n", rules, 1000), line + "xxxx\r\na\r\n");
    EXPECT_EQ(read(std::string(5000, '>') + "\na\n", rules, 1000),
              std::string(5000, '>') + "\r\na\r\n");
}

TEST(SendmailContent, OfATrialNamesWhoIsTried)
{
    EXPECT_EQ(sendmail::trial_content("s@x", {"a@y", "b c@z"}),
              "From: s@x\r\nSubject: probe\r\nTo:\ta@y,\r\n\t\"b c\"@z\r\n");
}
