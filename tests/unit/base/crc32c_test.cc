// SPDX-License-Identifier: Apache-2.0
#include "lib/base/crc32c.h"

#include <gtest/gtest.h>
#include <string>

// RFC 3720 appendix B.4.
TEST(Crc32c, MatchesPublishedVectors)
{
    EXPECT_EQ(base::crc32c(std::string(32, '\0')), 0x8a9136aau);
    EXPECT_EQ(base::crc32c(std::string(32, '\xff')), 0x62a8ab43u);
    EXPECT_EQ(base::crc32c("123456789"), 0xe3069283u);
}

TEST(Crc32c, ContinuesOverParts)
{
    std::string text(1000, 'q');
    EXPECT_EQ(base::crc32c(text.substr(333), base::crc32c(text.substr(0, 333))),
              base::crc32c(text));
}
