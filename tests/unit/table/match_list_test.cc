// SPDX-License-Identifier: Apache-2.0
// Match lists, and networks.
#include "lib/table/match_list.h"

#include "lib/base/log_sinks.h"
#include "lib/net/network.h"
#include "tests/unit/table/support.h"

namespace table {
namespace {

class MatchListTest : public ::testing::Test {
protected:
    MatchListTest() : before_(base::set_log_sink(&log_)) {}
    ~MatchListTest() override { base::set_log_sink(before_); }

    base::MemoryLogSink log_;
    base::LogSink* before_;
    test::Directory directory_;
    Tables tables_{{}};
};

TEST_F(MatchListTest, NamesAndParents)
{
    struct {
        ListKind kind;
        bool parents;
        std::vector<std::string> list;
        std::string name;
        bool want;
    } cases[] = {
        {ListKind::Texts, false, {"a.example"}, "A.Example", true},
        {ListKind::Texts, false, {"a.example"}, "x.a.example", false},
        {ListKind::Texts, false, {".a.example"}, "x.a.example", false},
        {ListKind::Domains, true, {"a.example"}, "x.a.example", true},
        {ListKind::Domains, true, {"a.example"}, "xa.example", false},
        {ListKind::Domains, false, {"a.example"}, "x.a.example", false},
        {ListKind::Domains, false, {".a.example"}, "x.a.example", true},
        {ListKind::Domains, false, {".a.example"}, "a.example", false},
        {ListKind::Domains, true, {"!x.a.example", "a.example"}, "x.a.example", false},
        {ListKind::Domains, true, {"!x.a.example", "a.example"}, "y.a.example", true},
        {ListKind::Domains, true, {"!!a.example"}, "a.example", true},
        {ListKind::Texts, false, {"inline:{a.example=x}"}, "a.example", true},
        {ListKind::Texts, false, {"inline:{a.example=x}"}, "b.a.example", false},
        {ListKind::Domains, true, {"inline:{a.example=x}"}, "c.b.a.example", true},
        {ListKind::Domains, false, {"inline:{.a.example=x}"}, "c.b.a.example", true},
        {ListKind::Domains, false, {"inline:{.a.example=x}"}, "a.example", false},
        {ListKind::Domains, true, {"regexp:{{/^a\\.example$/ x}}"}, "b.a.example", false},
        {ListKind::Texts, false, {"!static:x", "a"}, "a", false},
        {ListKind::Texts, false, {}, "a", false},
    };
    for (const auto& one : cases) {
        MatchList list(tables_, {"test_list", one.kind, one.parents}, one.list);
        auto matched = test::run(list.match(one.name));
        ASSERT_TRUE(matched);
        EXPECT_EQ(*matched, one.want) << one.name << " " << (one.list.empty() ? "" : one.list[0]);
    }
}

TEST_F(MatchListTest, HostsByNameAndAddress)
{
    struct {
        std::vector<std::string> list;
        std::string host, address;
        bool want;
    } cases[] = {
        {{"192.0.2.0/24"}, "unknown", "192.0.2.9", true},
        {{"192.0.2.0/24"}, "unknown", "192.0.3.9", false},
        {{"192.0.2.9"}, "unknown", "192.0.2.9", true},
        {{"!192.0.2.9", "192.0.2.0/24"}, "unknown", "192.0.2.9", false},
        {{"[::1]/128", "127.0.0.0/8"}, "localhost", "::1", true},
        {{"[2001:db8::]/32"}, "unknown", "2001:db8:1::1", true},
        {{"[2001:db8::/32]"}, "unknown", "2001:db8:1::1", true},
        {{"[2001:db8::1]"}, "unknown", "2001:db8::1", true},
        {{"example.com"}, "mx.example.com", "192.0.2.1", true},
        {{"example.com"}, "unknown", "192.0.2.1", false},
        {{"cidr:{{192.0.2.0/24 x}}"}, "unknown", "192.0.2.1", true},
        {{"inline:{192.0.2.1=x}"}, "unknown", "192.0.2.1", true},
        {{"inline:{example.com=x}"}, "mx.example.com", "192.0.2.1", true},
        {{"0.0.0.0/0"}, "unknown", "::1", false},
    };
    for (const auto& one : cases) {
        MatchList list(tables_, {"mynetworks", ListKind::Hosts, true}, one.list);
        auto matched = test::run(list.match(one.host, one.address));
        ASSERT_TRUE(matched);
        EXPECT_EQ(*matched, one.want) << one.list[0] << " " << one.address;
    }
}

TEST_F(MatchListTest, FilesAreReadInPlace)
{
    std::string inner = directory_.write("inner", "c.example\n");
    std::string file =
        directory_.write("list", "# comment\n!x.a.example a.example\n" + inner + "\n");
    MatchList list(tables_, {"relay_domains", ListKind::Domains, true}, {file, "z.example"});
    EXPECT_TRUE(*test::run(list.match("a.example")));
    EXPECT_FALSE(*test::run(list.match("x.a.example")));
    EXPECT_TRUE(*test::run(list.match("c.example")));
    EXPECT_TRUE(*test::run(list.match("z.example")));
    MatchList negated(tables_, {"relay_domains", ListKind::Domains, true},
                      {"!" + file, "a.example"});
    EXPECT_FALSE(*test::run(negated.match("a.example")));
    EXPECT_TRUE(*test::run(negated.match("x.a.example")));
}

TEST_F(MatchListTest, FaultsAreTemporaryErrors)
{
    for (std::string_view element : {"/no/such/file", "192.0.2.1/24", "[::1", "fail:x", "!"}) {
        MatchList list(tables_, {"mynetworks", ListKind::Hosts, true},
                       {"192.0.3.1", std::string(element), "0.0.0.0/0"});
        EXPECT_TRUE(*test::run(list.match("unknown", "192.0.3.1"))) << element;
        EXPECT_FALSE(test::run(list.match("unknown", "192.0.9.1"))) << element;
    }
}

TEST_F(MatchListTest, FileThatNamesItselfEnds)
{
    std::string file = directory_.file("self");
    directory_.write("self", file + "\n");
    MatchList list(tables_, {"relay_domains"}, {file});
    EXPECT_FALSE(test::run(list.match("x")));
}

// Debian's main.cf and our own sample have it in mynetworks.
TEST(Network, MappedAddressesAreThoseOfIPv4)
{
    auto loopback = net::Network::parse("[::ffff:127.0.0.0]/104");
    ASSERT_TRUE(loopback);
    EXPECT_EQ(loopback->to_string(), "127.0.0.0/8");
    EXPECT_FALSE(net::Network::parse("[::ffff:127.0.0.0]/95"));
    EXPECT_FALSE(net::Network::parse("[::ffff:127.0.0.1]/104"));
}

TEST(Network, PrintsAsItIsWritten)
{
    EXPECT_EQ(net::Network::parse("192.0.2.0/24")->to_string(), "192.0.2.0/24");
    EXPECT_EQ(net::Network::parse("[2001:db8::]/32")->to_string(), "[2001:db8::]/32");
    EXPECT_EQ(net::Network::parse("192.0.2.1")->to_string(), "192.0.2.1/32");
    for (std::string_view bad : {"", "/", "1.2.3/8", "1.2.3.4/33", "1.2.3.4/", "[::1", "::1]",
                                 "[1.2.3.4]x", "1.2.3.4/-1", "::/129"})
        EXPECT_FALSE(net::Network::parse(bad)) << bad;
}

} // namespace
} // namespace table
