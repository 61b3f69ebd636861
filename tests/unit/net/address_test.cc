// SPDX-License-Identifier: Apache-2.0
// Socket addresses.
#include "lib/net/address.h"

#include <gtest/gtest.h>

using net::Address;

TEST(Address, ReadsNumericAddresses)
{
    const struct {
        const char* input;
        const char* host;
        bool loopback;
        bool any;
    } valid[] = {
        {"192.0.2.1", "192.0.2.1", false, false},
        {"127.0.0.2", "127.0.0.2", true, false},
        {"0.0.0.0", "0.0.0.0", false, true},
        {"::1", "::1", true, false},
        {"::", "::", false, true},
        {"2001:DB8::1", "2001:db8::1", false, false},
        {"::ffff:192.0.2.7", "192.0.2.7", false, false},
    };
    for (const auto& row : valid) {
        auto address = Address::parse(row.input, 25);
        ASSERT_TRUE(address) << row.input;
        EXPECT_EQ(address->host(), row.host);
        EXPECT_EQ(address->port(), 25) << row.input;
        EXPECT_EQ(address->is_loopback(), row.loopback) << row.input;
        EXPECT_EQ(address->is_any(), row.any) << row.input;
    }
}

TEST(Address, RefusesWhatIsNoAddress)
{
    using namespace std::string_view_literals;
    for (auto text : {""sv, "192.0.2"sv, "192.0.2.256"sv, "[::1]"sv, "::1%lo"sv, "localhost"sv,
                      " 192.0.2.1"sv, "192.0.2.1\0x"sv, "1.2.3.4/8"sv, ":::"sv, "0x7f.1"sv})
        EXPECT_FALSE(Address::parse(text)) << text;
    EXPECT_FALSE(Address::parse(std::string(1000, '1')));
}

TEST(Address, ComparesByFamilyHostAndPort)
{
    EXPECT_EQ(*Address::parse("192.0.2.1", 25), *Address::parse("::ffff:192.0.2.1", 25));
    EXPECT_FALSE(*Address::parse("192.0.2.1", 25) == *Address::parse("192.0.2.1", 26));
    EXPECT_FALSE(*Address::parse("::") == *Address::parse("0.0.0.0"));
    EXPECT_EQ(Address::unix_path("private/x"), Address::unix_path("private/x"));
    EXPECT_EQ(Address{}.host(), "unknown");
}
