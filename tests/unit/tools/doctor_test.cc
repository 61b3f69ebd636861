// SPDX-License-Identifier: Apache-2.0
// The doctor's page, its judgements on DNS records, and what it takes for public. Connections to
// servers are in tests/live/doctor_test.py.
#include "tools/doctor/examination.h"
#include "tools/doctor/looks.h"
#include "tools/doctor/words.h"

#include "tests/unit/delivery/fixture.h"

namespace doctor {
namespace {

using ipc::resolver::Status;

TEST(Doctor, PageTellsCauseAndCureBelowTheFinding)
{
    Sections sections{{"disk", {{Level::Ok, "room enough"}}},
                      {"relay", {{Level::Problem, "open", "a rule is missing", "add it"}}}};
    EXPECT_EQ(page({"mx.example.org", "3.9.100", "now", true}, sections),
              "Mail system of mx.example.org, version 3.9.100, now\n"
              "\n"
              "  ok       disk           room enough\n"
              "  PROBLEM  relay          open\n"
              "             cause        a rule is missing\n"
              "             cure         add it\n"
              "\n"
              "1 problem, 0 warnings, 0 notes, 1 ok, 0 not looked at\n");
    EXPECT_EQ(exit_status(sections), 2);
}

TEST(Doctor, JsonHoldsTheSame)
{
    Sections sections{{"clock", {{Level::Warning, "says \"no\"", "", "set it"}}}};
    EXPECT_EQ(json({"mx.example.org", "3.9.100", "now", false}, sections),
              "{\"host\": \"mx.example.org\", \"version\": \"3.9.100\", \"time\": \"now\", "
              "\"network\": false, \"status\": 1, \"counts\": {\"ok\": 0, \"note\": 0, "
              "\"skipped\": 0, \"warning\": 1, \"problem\": 0}, \"findings\": [{\"check\": "
              "\"clock\", \"level\": \"warning\", \"text\": \"says \\\"no\\\"\", \"cause\": \"\", "
              "\"cure\": \"set it\"}]}\n");
}

TEST(Doctor, ReadsTheWords)
{
    EXPECT_EQ(words_for(-5), "0 seconds");
    EXPECT_EQ(words_for(1), "1 second");
    EXPECT_EQ(words_for(119), "119 seconds");
    EXPECT_EQ(words_for(7200), "2 hours");
    EXPECT_EQ(words_for(86400 * 3 + 5), "3 days");
}

TEST(Doctor, ReversesAddresses)
{
    EXPECT_EQ(reversed_name(*net::Address::parse("192.0.2.7"), "in-addr.arpa"),
              "7.2.0.192.in-addr.arpa");
    EXPECT_EQ(reversed_name(*net::Address::parse("2001:db8::1"), "x"),
              "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.x");
}

TEST(Doctor, KnowsWhatIsPublic)
{
    for (const char* text : {"8.8.8.8", "2a00::1", "172.32.0.1", "11.0.0.1"})
        EXPECT_TRUE(is_global(*net::Address::parse(text))) << text;
    for (const char* text : {"127.0.0.1", "10.9.8.7", "100.64.0.1", "192.168.1.1", "172.31.0.1",
                             "169.254.1.1", "::1", "fe80::1", "fd00::1", "2001:db8::1"})
        EXPECT_FALSE(is_global(*net::Address::parse(text))) << text;
    for (const char* text : {"example.org", "mx.example.co.uk"})
        EXPECT_TRUE(is_public_name(text)) << text;
    for (const char* text : {"localhost", "mx", "mx.local", "a.test", "10.1.2.3", "h.localdomain"})
        EXPECT_FALSE(is_public_name(text)) << text;
}

TEST(Doctor, FindsGatewaysAmongRoutes)
{
    auto found = default_gateways("Iface\tDestination\tGateway\tFlags\n"
                                  "eth0\t00000000\t0101A8C0\t0003\n"
                                  "eth0\t0001A8C0\t00000000\t0001\n"
                                  "bad\t00000000\tzzzzzzzz\t0\n");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].host(), "192.168.1.1");
}

class DnsChecks : public ::testing::Test {
protected:
    DnsChecks()
    {
        common.myhostname.set("mx.example.org");
        common.myorigin.set("example.org");
        params.dns_lists.set({"list.example"});
        params.public_addresses.set({"5.6.7.8"});
    }

    static base::Task<void> look(const Examination& examination, Look check, Findings& findings)
    {
        co_await check(examination, findings);
    }

    Findings see(Look check)
    {
        Examination examination{loop, main, common, route, params, {}, resolver, true};
        Findings findings;
        base::Scope scope;
        scope.spawn(look(examination, check, findings));
        return findings;
    }
    Level worst(Look check)
    {
        Level level = Level::Ok;
        for (const Finding& finding : see(check))
            level = std::max(level, finding.level);
        return level;
    }
    void text(const std::string& name, const std::string& record)
    {
        auto& answer = resolver.answers[name + "/16"];
        answer.status = Status::Ok;
        answer.records.push_back({record, 0, 0, 0});
    }

    events::Loop loop;
    config::MainCf main;
    config::CommonParams common;
    config::RouteParams route;
    config::DoctorParams params;
    delivery::test::FakeResolver resolver;
};

TEST_F(DnsChecks, Spf)
{
    EXPECT_EQ(worst(look_at_spf), Level::Warning);
    text("example.org", "google-site-verification=1");
    text("example.org", "v=spf1 mx -all");
    EXPECT_EQ(worst(look_at_spf), Level::Ok);
    text("example.org", "v=spf1 +all");
    EXPECT_EQ(worst(look_at_spf), Level::Problem);
    resolver.answers.clear();
    text("example.org", "v=spf1 +all");
    EXPECT_EQ(worst(look_at_spf), Level::Problem);
    resolver.fail("example.org/16", Status::TemporaryFailure);
    EXPECT_EQ(worst(look_at_spf), Level::Skipped);
}

TEST_F(DnsChecks, Dkim)
{
    EXPECT_EQ(worst(look_at_dkim), Level::Skipped);
    params.dkim_selectors.set({"s1", "s2._domainkey.other.example"});
    EXPECT_EQ(worst(look_at_dkim), Level::Problem);
    text("s1._domainkey.example.org", "v=DKIM1; p=MIIB");
    text("s2._domainkey.other.example", "k=rsa;p=MIIB");
    EXPECT_EQ(worst(look_at_dkim), Level::Ok);
    resolver.answers.erase("s1._domainkey.example.org/16");
    text("s1._domainkey.example.org", "v=DKIM1; p=");
    EXPECT_EQ(worst(look_at_dkim), Level::Problem);
}

TEST_F(DnsChecks, DmarcAndMtaSts)
{
    EXPECT_EQ(worst(look_at_dmarc), Level::Warning);
    EXPECT_EQ(worst(look_at_mta_sts), Level::Note);
    text("_dmarc.example.org", "v=DMARC1; p=reject");
    text("_mta-sts.example.org", "v=STSv1; id=1");
    EXPECT_EQ(worst(look_at_dmarc), Level::Ok);
    EXPECT_EQ(worst(look_at_mta_sts), Level::Ok);
    text("_dmarc.example.org", "v=DMARC1; p=none");
    EXPECT_EQ(worst(look_at_dmarc), Level::Problem);
}

TEST_F(DnsChecks, Exchangers)
{
    EXPECT_EQ(worst(look_at_exchangers), Level::Problem);
    resolver.mx("example.org", 10, "mx.example.org");
    EXPECT_EQ(worst(look_at_exchangers), Level::Problem);
    resolver.address("mx.example.org", "5.6.7.8");
    EXPECT_EQ(worst(look_at_exchangers), Level::Ok);
}

TEST_F(DnsChecks, AddressesAndTheirNames)
{
    EXPECT_EQ(worst(look_at_addresses), Level::Problem);
    resolver.address("mx.example.org", "5.6.7.8");
    auto& name = resolver.answers["8.7.6.5.in-addr.arpa/12"];
    name.status = Status::Ok;
    name.records.push_back({"mx.example.org", 0, 0, 0});
    EXPECT_EQ(worst(look_at_addresses), Level::Ok);
    name.records[0].data = "host8.provider.example";
    EXPECT_EQ(worst(look_at_addresses), Level::Warning);
    resolver.answers.erase("8.7.6.5.in-addr.arpa/12");
    EXPECT_EQ(worst(look_at_addresses), Level::Problem);
}

TEST_F(DnsChecks, ListsCountOnlyWhatIsAListing)
{
    EXPECT_EQ(worst(look_at_dns_lists), Level::Ok);
    struct Case {
        const char* answer;
        Level want;
    };
    for (Case one : {Case{"127.0.0.2", Level::Problem},
                     {"127.255.255.254", Level::Skipped},
                     {"93.184.216.34", Level::Skipped}}) {
        auto& answer = resolver.answers["8.7.6.5.list.example/1"];
        answer.status = Status::Ok;
        answer.records = {{one.answer, 0, 0, 0}};
        EXPECT_EQ(worst(look_at_dns_lists), one.want) << one.answer;
    }
    resolver.answers["8.7.6.5.list.example/1"].status = Status::TemporaryFailure;
    EXPECT_EQ(worst(look_at_dns_lists), Level::Skipped);
}

TEST_F(DnsChecks, WideNetworksAndGateways)
{
    auto networks = [&](const char* value, const char* gateway) {
        main.set("mynetworks", value);
        Machine machine;
        machine.gateways.push_back(*net::Address::parse(gateway));
        Examination examination{loop, main, common, route, params, machine, resolver, false};
        Findings findings;
        base::Scope scope;
        scope.spawn(look(examination, look_at_networks, findings));
        Level level = Level::Ok;
        for (const Finding& finding : findings)
            level = std::max(level, finding.level);
        return level;
    };
    EXPECT_EQ(networks("127.0.0.0/8, 10.0.0.0/8", "192.168.1.1"), Level::Ok);
    EXPECT_EQ(networks("127.0.0.0/8, 192.168.1.0/24", "192.168.1.1"), Level::Warning);
    EXPECT_EQ(networks("!192.168.1.1, 192.168.1.0/24", "192.168.1.1"), Level::Ok);
    EXPECT_EQ(networks("0.0.0.0/0", "8.8.8.8"), Level::Problem);
    EXPECT_EQ(networks("8.0.0.0/8", "8.8.8.8"), Level::Problem);
    EXPECT_EQ(networks("8.8.8.0/24", "1.1.1.1"), Level::Ok);
    EXPECT_EQ(networks("[2000::]/3", "1.1.1.1"), Level::Problem);
}

TEST_F(DnsChecks, DomainsAreThoseThatMainCfNames)
{
    route.mydestination.set({"mx.example.org", "localhost", "hash:/etc/d", "Example.ORG"});
    route.relay_domains.set({"sub.example.net", ".example.com", "!x.example.org"});
    Examination examination{loop, main, common, route, params, {}, resolver, false};
    EXPECT_EQ(examination.own_domains(),
              (std::vector<std::string>{"example.org", "mx.example.org", "sub.example.net"}));
}

} // namespace
} // namespace doctor
