// SPDX-License-Identifier: Apache-2.0
// Mail exchangers, their addresses, and loops.
#include "lib/delivery/hosts.h"

#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

using ipc::resolver::Status;

class HostsTest : public ::testing::Test {
protected:
    HostsTest()
    {
        settings.shuffle = false;
        settings.ipv6 = false;
        config::Faults faults;
        own = config::OwnAddresses({{"all"}, {}, {"all"}},
                                   {{*net::Address::parse("192.0.2.1"), 24}}, faults);
    }

    static Task<void> store(HostFinder& finder, Destination destination, HostList& list)
    {
        list = co_await finder.find(std::move(destination));
    }

    HostList find(const std::string& text)
    {
        HostFinder finder(loop, settings, resolver, own);
        HostList list;
        base::Scope scope;
        scope.spawn(store(finder, *parse_destination(text, 25, false), list));
        return list;
    }

    std::string names(const std::string& text)
    {
        std::string all;
        for (const Host& host : find(text).hosts)
            base::append(all, host.name, "=", host.address.host(), " ");
        return all;
    }

    events::Loop loop;
    LookupSettings settings;
    FakeResolver resolver;
    config::OwnAddresses own;
};

TEST_F(HostsTest, OrdersExchangersByPreference)
{
    resolver.mx("example.com", 20, "b.example.com");
    resolver.mx("example.com", 10, "a.example.com");
    resolver.address("a.example.com", "192.0.2.10");
    resolver.address("b.example.com", "192.0.2.20");
    EXPECT_EQ(names("example.com"), "a.example.com=192.0.2.10 b.example.com=192.0.2.20 ");
    EXPECT_TRUE(find("example.com").hosts[0].best);
    EXPECT_FALSE(find("example.com").hosts[1].best);
}

TEST_F(HostsTest, UsesTheDomainItselfWithoutExchangers)
{
    resolver.fail("example.com/15", Status::NoData);
    resolver.address("example.com", "192.0.2.10");
    EXPECT_EQ(names("example.com:26"), "example.com=192.0.2.10 ");
    EXPECT_EQ(find("example.com:26").hosts[0].address.port(), 26);
}

TEST_F(HostsTest, AsksForNoExchangersOfAnEnclosedName)
{
    resolver.mx("example.com", 20, "b.example.com");
    resolver.address("example.com", "192.0.2.10");
    EXPECT_EQ(names("[example.com]"), "example.com=192.0.2.10 ");
}

TEST_F(HostsTest, TellsWhyThereIsNoHost)
{
    resolver.fail("temporary.example/15", Status::TemporaryFailure);
    resolver.fail("bogus.example/15", Status::Bogus);
    resolver.fail("nodata.example/15", Status::NoData);
    resolver.fail("nodata.example", Status::NoData);
    resolver.fail("half.example/15", Status::NoData);
    resolver.fail("half.example", Status::TemporaryFailure);
    resolver.mx("null.example", 0, "");
    resolver.mx("dead.example", 10, "none.dead.example");
    resolver.mx("bad.example", 10, "localhost..");
    resolver.mx("bad.example", 10, "192.0.2.7");
    resolver.mx("bad.example", 10, std::string(300, 'x'));
    const std::string service = "Host or domain name not found. Name service error for name=";
    struct Case {
        std::string name, dsn, text;
    };
    const Case cases[] = {
        {"none.example", "5.4.4", service + "none.example type=A: Host not found"},
        {"nodata.example", "5.4.4",
         service + "nodata.example type=A: Host found but no data record of requested type"},
        {"temporary.example", "4.4.3",
         service + "temporary.example type=MX: Host not found, try again"},
        {"bogus.example", "4.4.3", service + "bogus.example type=MX: Host not found, try again"},
        {"half.example", "4.4.3", service + "half.example type=A: Host not found, try again"},
        {"null.example", "5.1.10", "Domain null.example does not accept mail (nullMX)"},
        {"dead.example", "5.4.4", service + "none.dead.example type=A: Host not found"},
        {"bad.example", "5.4.4", "no MX host for bad.example has a valid address record"},
        {"not_a name", "5.4.4", service + "not_a name type=MX: Host not found"},
    };
    for (const Case& c : cases) {
        const HostList list = find(c.name);
        EXPECT_TRUE(list.hosts.empty()) << c.name;
        EXPECT_EQ(list.trouble.dsn, c.dsn) << c.name;
        EXPECT_EQ(list.trouble.text, c.text) << c.name;
    }
}

TEST_F(HostsTest, SkipsMalformedExchangersAndANullOneAmongOthers)
{
    resolver.mx("example.com", 0, "");
    resolver.mx("example.com", 5, "10.0.0.1");
    resolver.mx("example.com", 10, "a.example.com");
    resolver.address("a.example.com", "192.0.2.10");
    EXPECT_EQ(names("example.com"), "a.example.com=192.0.2.10 ");
}

TEST_F(HostsTest, UsesBetterExchangersThanItselfOnly)
{
    resolver.mx("example.com", 10, "a.example.com");
    resolver.mx("example.com", 20, "me.example.com");
    resolver.mx("example.com", 20, "c.example.com");
    resolver.mx("example.com", 30, "d.example.com");
    resolver.address("a.example.com", "192.0.2.10");
    resolver.address("me.example.com", "192.0.2.1");
    resolver.address("c.example.com", "192.0.2.30");
    resolver.address("d.example.com", "192.0.2.40");
    EXPECT_EQ(names("example.com"), "a.example.com=192.0.2.10 ");
}

TEST_F(HostsTest, RecognisesLoops)
{
    for (const char* address :
         {"192.0.2.1", "127.0.0.1", "0.0.0.0", "::1", "::ffff:192.0.2.1", "::ffff:127.0.0.1"}) {
        resolver.answers.clear();
        resolver.mx("example.com", 10, "a.example.com");
        resolver.address("a.example.com", address);
        const HostList list = find("example.com");
        EXPECT_TRUE(list.hosts.empty()) << address;
        EXPECT_TRUE(list.loops) << address;
        EXPECT_EQ(list.trouble.dsn, "5.4.6") << address;
        EXPECT_EQ(list.trouble.text, "mail for example.com loops back to myself") << address;
    }
}

TEST_F(HostsTest, TakesOtherLoopbackAddressesForSomebodyElse)
{
    resolver.mx("example.com", 10, "a.example.com");
    resolver.address("a.example.com", "127.0.0.2");
    EXPECT_EQ(names("example.com"), "a.example.com=127.0.0.2 ");
}

TEST_F(HostsTest, DefersWhenABetterExchangerCannotBeFound)
{
    resolver.mx("example.com", 10, "a.example.com");
    resolver.mx("example.com", 20, "me.example.com");
    resolver.fail("a.example.com", Status::TemporaryFailure);
    resolver.address("me.example.com", "192.0.2.1");
    const HostList list = find("example.com");
    EXPECT_TRUE(list.hosts.empty());
    EXPECT_EQ(list.trouble.dsn, "4.4.4");
    EXPECT_EQ(list.trouble.text, "unable to find primary relay for example.com");
}

TEST_F(HostsTest, LooksForLoopsAtPort25Only)
{
    EXPECT_EQ(names("[127.0.0.1]:2525"), "127.0.0.1=127.0.0.1 ");
    EXPECT_TRUE(find("[192.0.2.1]").loops);
    EXPECT_EQ(find("[192.0.2.1]").trouble.text, "mail for 192.0.2.1 loops back to myself");
    EXPECT_EQ(names("[127.0.0.1]"), "127.0.0.1=127.0.0.1 ");
}

TEST_F(HostsTest, BoundsExchangersAndAddresses)
{
    for (int i = 0; i < 1000; ++i) {
        const std::string name = base::cat("mx", i, ".example.com");
        resolver.mx("example.com", 10, name);
        for (int j = 0; j < 100; ++j)
            resolver.address(name, base::cat("10.", i % 200, ".1.", j));
    }
    EXPECT_EQ(find("example.com").hosts.size(), 5u);
    EXPECT_LE(resolver.questions, 21);
}

TEST_F(HostsTest, PrefersAFamilyAndKeepsAPlaceForTheOther)
{
    settings.ipv6 = true;
    settings.prefer = LookupSettings::Prefer::Ipv6;
    settings.address_limit = 2;
    for (const char* address : {"192.0.2.10", "2001:db8::1", "2001:db8::2"})
        resolver.address("a.example", address);
    EXPECT_EQ(names("[a.example]"), "a.example=2001:db8::1 a.example=192.0.2.10 ");
    settings.balance = false;
    EXPECT_EQ(names("[a.example]"), "a.example=2001:db8::1 a.example=2001:db8::2 ");
}

TEST_F(HostsTest, AsksForTheAsciiFormOfADomain)
{
    resolver.address("xn--bcher-kva.example", "192.0.2.10");
    EXPECT_EQ(names("b\xC3\xBC"
                    "cher.example"),
              "xn--bcher-kva.example=192.0.2.10 ");
}

TEST_F(HostsTest, FallsBackToTheAddressWhenToldToIgnoreErrors)
{
    settings.ignore_mx_error = true;
    resolver.fail("example.com/15", Status::TemporaryFailure);
    resolver.address("example.com", "192.0.2.10");
    EXPECT_EQ(names("example.com"), "example.com=192.0.2.10 ");
}

TEST(HostName, IsLabelsOfHostCharacters)
{
    for (const char* name : {"a", "a.b", "_dmarc.example", "a-b.example.", "3com.com"})
        EXPECT_TRUE(is_host_name(name)) << name;
    const std::string long_label = std::string(64, 'a') + ".example";
    for (const std::string& name :
         {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
          std::string("a b"), std::string("a\nb"), std::string("127.0.0.1"), std::string("1.2.3"),
          long_label, std::string(254, 'a')})
        EXPECT_FALSE(is_host_name(name)) << name;
}

} // namespace
} // namespace delivery::test
