// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/check_answer.h"

#include <gtest/gtest.h>

namespace mail {
namespace {

TEST(CheckAnswer, IsAWordAndTheTextBehindItsBlanks)
{
    struct {
        std::string_view answer, action, text;
    } const cases[] = {
        {"DUNNO", "DUNNO", ""},
        {"reject  no  way ", "reject", "no  way "},
        {"PREPEND\tX-A: b", "PREPEND", "X-A: b"},
        {"WARN \t ", "WARN", ""},
        {" HOLD", "", "HOLD"},
        {"", "", ""},
    };
    for (const auto& one : cases) {
        const CheckAnswer got = read_check_answer(one.answer);
        EXPECT_EQ(got.action, one.action) << one.answer;
        EXPECT_EQ(got.text, one.text) << one.answer;
    }
}

TEST(CheckAnswer, SaysWhyTextCannotTakeAPlace)
{
    struct {
        std::string_view answer;
        bool is_header;
        std::string_view why;
    } const cases[] = {
        {"PREPEND X-A: b", true, ""},
        {"REPLACE any text", false, ""},
        {"replace", false, "REPLACE action without text in header_checks map"},
        {"PREPEND ", true, "PREPEND action without text in header_checks map"},
        {"Prepend no field", true,
         "bad PREPEND header text \"no field\" in header_checks map -- need \"headername: "
         "headervalue\""},
    };
    for (const auto& one : cases)
        EXPECT_EQ(why_not_for_place(read_check_answer(one.answer), one.is_header, "header_checks"),
                  one.why)
            << one.answer;
}

} // namespace
} // namespace mail
