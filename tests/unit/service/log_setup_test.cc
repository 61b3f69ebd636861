// SPDX-License-Identifier: Apache-2.0
// Facilities by name.
#include "lib/service/log_setup.h"

#include <gtest/gtest.h>

TEST(Facility, IsFoundByItsName)
{
    EXPECT_EQ(service::facility_number("mail"), 2);
    EXPECT_EQ(service::facility_number("local7"), 23);
    EXPECT_EQ(service::facility_number("nothing"), -1);
    EXPECT_EQ(service::facility_number(""), -1);
}
