// SPDX-License-Identifier: Apache-2.0
#include "lib/base/parse.h"

#include <gtest/gtest.h>

TEST(ParseInt, TakesWholeNumbersOnly)
{
    EXPECT_EQ(base::parse_int<int>("42"), 42);
    EXPECT_EQ(base::parse_int<int>("-7"), -7);
    EXPECT_EQ(base::parse_int<unsigned>("ff", 16), 255u);
    for (const char* bad : {"", " 1", "1 ", "+1", "0x10", "1e9", "99999999999999999999", "1,2"})
        EXPECT_FALSE(base::parse_int<int>(bad)) << bad;
    EXPECT_FALSE(base::parse_int<unsigned>("-1"));
}
