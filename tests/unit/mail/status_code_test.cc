// SPDX-License-Identifier: Apache-2.0
// Enhanced status codes in front of texts.
#include "lib/mail/status_code.h"

#include <gtest/gtest.h>

namespace mail {
namespace {

TEST(StatusCode, HasAClassASubjectAndADetail)
{
    struct Row {
        std::string_view text;
        std::size_t want;
    };
    for (const Row& row : {Row{"5.7.1 go away", 5}, Row{"4.123.456", 9}, Row{"2.0.0\tok", 5},
                           Row{"5.7.1go", 0}, Row{"3.7.1 x", 0}, Row{"5.7 x", 0}, Row{"5..1 x", 0},
                           Row{"5.1234.1 x", 0}, Row{"", 0}, Row{"go away", 0}})
        EXPECT_EQ(status_code_length(row.text), row.want) << row.text;
}

} // namespace
} // namespace mail
