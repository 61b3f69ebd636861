// SPDX-License-Identifier: Apache-2.0
#include "lib/base/result.h"

#include <cerrno>
#include <gtest/gtest.h>

using namespace base;

TEST(Result, HoldsAValueOrAnError)
{
    Result<int> good = 5;
    Result<int> bad = permanent("no such user");
    EXPECT_TRUE(good);
    EXPECT_EQ(*good, 5);
    EXPECT_FALSE(bad);
    EXPECT_FALSE(bad.error().temporary());
    EXPECT_EQ(std::move(bad).value_or(7), 7);
}

TEST(Result, ErrorsGainContextAndKeepTheirKind)
{
    Error error = permanent("is a folder").in("open main.cf");
    EXPECT_EQ(error.text, "open main.cf: is a folder");
    EXPECT_FALSE(error.temporary());
}

TEST(Result, SystemErrorsAreTemporaryAndNameTheCause)
{
    Error error = system_error("open x", ENOENT);
    EXPECT_TRUE(error.temporary());
    EXPECT_EQ(error.text, "open x: No such file or directory");
}
