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
        {"two CR", "a\r\r\n", {true, always}, "a\r\r\n"},
        {"dot ends", "a\n.\nb\n", {true, always}, "a\r\n"},
        {"dot with CRLF ends", "a\r\n.\r\nb\n", {true, always}, "a\r\n"},
        {"dot at the very end", "a\n.", {true, always}, "a\r\n"},
        {"dot first", ".\nb\n", {true, always}, ""},
        {"dot is a line", "a\n.\nb\n", {false, always}, "a\r\n.\r\nb\r\n"},
        {"two dots", "..\n.a\n", {true, always}, "..\r\n.a\r\n"},
        {"dot and CR", ".\ra\n.\r\r\nb\n", {true, always}, ".\ra\r\n.\r\r\nb\r\n"},
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

TEST(SendmailContent, OfATrialNamesWhoIsTried)
{
    EXPECT_EQ(sendmail::trial_content("s@x", {"a@y", "b c@z"}),
              "From: s@x\r\nSubject: probe\r\nTo:\ta@y,\r\n\t\"b c\"@z\r\n");
}
