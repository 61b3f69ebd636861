// SPDX-License-Identifier: Apache-2.0
// Address literals, good and bad.
#include "lib/route/address_literal.h"

#include <gtest/gtest.h>

namespace route {
namespace {

TEST(AddressLiteral, IsStrict)
{
    for (std::string_view good : {"[127.0.0.1]", "[IPv6:::1]", "[ipv6:2001:db8::1]"})
        EXPECT_TRUE(parse_address_literal(good)) << good;
    for (std::string_view bad :
         {"", "[", "[]", "[x", "[127.1]", "[999.1.1.1]", "[::1]", "[IPv6:1.2.3.4]", "127.0.0.1",
          "[127.0.0.1", "[ 127.0.0.1]", "[IPv6:]", "[IPv6:::1%lo]"})
        EXPECT_FALSE(parse_address_literal(bad)) << bad;
    EXPECT_FALSE(parse_address_literal("[" + std::string(1024, '1') + "]"));
}

} // namespace
} // namespace route
