// SPDX-License-Identifier: Apache-2.0
// Own addresses and mynetworks.
#include "lib/config/own_addresses.h"

#include <gtest/gtest.h>

#include "lib/config/params/common.h"

namespace config {
namespace {

const std::vector<Interface> interfaces{
    {*net::Address::parse("127.0.0.1"), 8},    {*net::Address::parse("192.0.2.10"), 25},
    {*net::Address::parse("10.1.2.3"), 16},    {*net::Address::parse("::1"), 128},
    {*net::Address::parse("2001:db8::5"), 64},
};

TEST(OwnAddresses, MakeMynetworks)
{
    Faults faults;
    struct {
        std::vector<std::string> listen, protocols;
        std::string_view style, want;
    } cases[] = {
        {{"all"},
         {"all"},
         "host",
         "127.0.0.0/8 192.0.2.10/32 10.1.2.3/32 [::1]/128 [2001:db8::5]/128"},
        {{"all"},
         {"all"},
         "subnet",
         "127.0.0.0/8 192.0.2.0/25 10.1.0.0/16 [::1]/128 [2001:db8::]/64"},
        {{"all"}, {"ipv4"}, "class", "127.0.0.0/8 192.0.2.0/24 10.0.0.0/8"},
        {{"loopback-only"}, {"all"}, "subnet", "127.0.0.0/8 [::1]/128"},
        {{"192.0.2.10", "[2001:db8::5]"}, {"ipv6"}, "subnet", "[2001:db8::]/64"},
        {{"192.0.2.99"}, {"all"}, "subnet", "192.0.2.99/32"},
    };
    for (const auto& one : cases) {
        OwnAddresses own({one.listen, {}, one.protocols}, interfaces, faults);
        EXPECT_EQ(*own.networks(one.style), one.want);
    }
    EXPECT_FALSE(OwnAddresses({{"all"}, {}, {}}, interfaces, faults).networks("wide"));
    EXPECT_TRUE(faults.empty());
}

TEST(OwnAddresses, KnowThemselvesAndTheirProxies)
{
    Faults faults;
    OwnAddresses own({{"192.0.2.10"}, {"203.0.113.1"}, {"all"}}, interfaces, faults);
    EXPECT_TRUE(own.has(*net::Address::parse("192.0.2.10")));
    EXPECT_TRUE(own.has(*net::Address::parse("203.0.113.1")));
    EXPECT_FALSE(own.has(*net::Address::parse("10.1.2.3")));
    EXPECT_FALSE(own.has(*net::Address::parse("127.0.0.1")));
}

TEST(OwnAddresses, UnknownHostNamesAreTold)
{
    Faults faults;
    OwnAddresses own({{"no-such-host.invalid"}, {}, {}}, interfaces, faults);
    EXPECT_EQ(faults.size(), 1u);
}

TEST(OwnAddresses, FollowTheParameters)
{
    Faults faults;
    auto main = MainCf::parse("inet_interfaces = 192.0.2.10, [2001:db8::5]\n"
                              "inet_protocols = ipv4\nproxy_interfaces = 203.0.113.1\n",
                              "main.cf", faults);
    CommonParams common;
    common.declare(main);
    common.load(main, faults);
    OwnAddresses own = own_addresses(common);
    EXPECT_TRUE(faults.empty());
    ASSERT_EQ(own.interfaces().size(), 1u);
    EXPECT_TRUE(own.has(*net::Address::parse("192.0.2.10")));
    EXPECT_FALSE(own.has(*net::Address::parse("2001:db8::5")));
    EXPECT_TRUE(own.has(*net::Address::parse("203.0.113.1")));
}

// ADDR-09.
TEST(OwnAddresses, GiveMynetworksItsDefault)
{
    Faults faults;
    auto main = MainCf::parse("mynetworks_style = host\ninet_interfaces = 127.0.0.1, [::1]\n"
                              "mine = $mynetworks!\n",
                              "main.cf", faults);
    EXPECT_EQ(*main.expanded("mynetworks"), "127.0.0.0/8 [::1]/128");
    EXPECT_EQ(*main.expanded("mine"), "127.0.0.0/8 [::1]/128!");
    main.set("inet_protocols", "ipv4");
    EXPECT_EQ(*main.expanded("mynetworks"), "127.0.0.0/8");
    main.set("mynetworks", "");
    EXPECT_EQ(*main.expanded("mynetworks"), "");
}

} // namespace
} // namespace config
