// SPDX-License-Identifier: Apache-2.0
// Compatibility levels.
#include "lib/config/compat_level.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(CompatLevel, ReadsAndOrders)
{
    EXPECT_EQ(parse_compat_level("3.6"), (CompatLevel{3, 6, 0}));
    EXPECT_LT(*parse_compat_level("3.9"), *parse_compat_level("3.10"));
    EXPECT_LT(*parse_compat_level("2"), *parse_compat_level("3.0.1"));
    for (const char* bad : {"", "x", "3.", ".3", "3..1", "1.2.3.4", "-1", "99999", "3.6 "})
        EXPECT_FALSE(parse_compat_level(bad)) << bad;
}

} // namespace
} // namespace config
