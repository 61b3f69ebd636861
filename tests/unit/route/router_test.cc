// SPDX-License-Identifier: Apache-2.0
// Routing; the rows are what Postfix 3.7 answers with the same main.cf, except where a note says
// otherwise.
#include "lib/route/router.h"

#include "lib/base/log_sinks.h"
#include "tests/unit/route/site.h"

namespace route {
namespace {

constexpr std::string_view kTables = R"(
transport_maps = inline:{
  t1.example=smtp:[next.example] t2.example=:[onlyhop.example] t3.example=slow: t4.example=slow
  .t5.example=five: {t6.example=error:no mail here} {t7.example=retry:4.3.0 later}
  user@t8.example=u8:hop8 user+ext@t8.example=u8e: t8.example=d8:
  trelay.example=:inner.trelay.example us-user@us.example=pipe:x
  valias.example=smtp:override vbox.example=lmtp:unix:/x t9.example=: }
relocated_maps = inline:{moved@us.example=new@elsewhere.example}
sender_dependent_relayhost_maps = inline:{
  a@sender.example=[sdr.example]:587 @sdom.example=sdomrelay {<>=nullrelay} x@sender.example=DUNNO }
sender_dependent_default_transport_maps = inline:{
  t@sender.example=slow:viaslow u@sender.example=slow v@sender.example=DUNNO }
relayhost = [main.example]:25
)";

std::string_view name_of(AddressClass c)
{
    switch (c) {
    case AddressClass::Local: return "local";
    case AddressClass::VirtualAlias: return "alias";
    case AddressClass::VirtualMailbox: return "mailbox";
    case AddressClass::Relay: return "relay";
    case AddressClass::Default: return "default";
    }
    return "";
}

std::string shown(const Route& route)
{
    return base::cat(route.transport, "|", route.nexthop, "|", route.recipient, "|",
                     name_of(route.address_class), route.routed ? "|routed" : "",
                     route.bad_syntax ? "|bad" : "");
}

struct Row {
    std::string sender, recipient, want;
};

void expect_routes(std::string_view config, const std::vector<Row>& rows)
{
    test::SiteUnderTest site(config);
    Router router(site.tables(), site.destinations());
    for (const auto& row : rows) {
        auto route = test::run(router.resolve(row.sender, row.recipient));
        ASSERT_TRUE(route) << row.recipient << ": " << route.error().text;
        EXPECT_EQ(shown(*route), row.want) << row.sender << " -> " << row.recipient;
    }
}

TEST(Router, ChoosesClassTransportAndNextHop)
{
    expect_routes(
        kTables,
        {
            {"", "user@us.example", "local|host.us.example|user@us.example|local"},
            {"", "user", "local|host.us.example|user@host.us.example|local"},
            {"", "", "local|host.us.example|MAILER-DAEMON@host.us.example|local"},
            {"", "@us.example", "local|host.us.example|MAILER-DAEMON@us.example|local"},
            {"", "user%victim.example@us.example", "smtp|nullrelay|user@victim.example|default"},
            {"", "victim.example!user@us.example", "smtp|nullrelay|user@victim.example|default"},
            {"", "user@victim.example@us.example", "smtp|nullrelay|user@victim.example|default"},
            {"", "user@us.example@victim.example",
             "smtp|nullrelay|user@us.example@victim.example|default|routed"},
            {"", "user@[127.0.0.1]", "local|host.us.example|user@[127.0.0.1]|local"},
            {"", "user@[192.0.2.1]", "smtp|nullrelay|user@[192.0.2.1]|default"},
            {"", "user@[IPv6:::1]", "smtp|nullrelay|user@[IPv6:::1]|default"},
            {"", "postmaster", "local|host.us.example|postmaster@host.us.example|local"},
            {"", "user%victim.example", "smtp|nullrelay|user@victim.example|default"},
            {"", "user%victim.example@other.example",
             "smtp|nullrelay|user%victim.example@other.example|default|routed"},
            {"", "victim.example!user@other.example",
             "smtp|nullrelay|victim.example!user@other.example|default|routed"},
            {"", "a@b@other.example", "smtp|nullrelay|a@b@other.example|default|routed"},
            {"", "user@relay.example", "relay|nullrelay|user@relay.example|relay"},
            {"", "user@sub.relay.example", "relay|nullrelay|user@sub.relay.example|relay"},
            {"", "user@valias.example",
             "error|5.1.1 User unknown in virtual alias table|user@valias.example|alias"},
            {"", "user@vbox.example", "lmtp|unix:/x|user@vbox.example|mailbox"},
            {"", "user@other.example", "smtp|nullrelay|user@other.example|default"},
            {"", "moved@us.example",
             "error|5.1.6 User has moved to new@elsewhere.example|moved@us.example|local"},
            {"", "user@t1.example", "smtp|[next.example]|user@t1.example|default"},
            {"", "user@t2.example", "smtp|[onlyhop.example]|user@t2.example|default"},
            {"", "user@t3.example", "slow|t3.example|user@t3.example|default"},
            {"", "user@t4.example", "slow|t4.example|user@t4.example|default"},
            {"", "user@t5.example", "smtp|nullrelay|user@t5.example|default"},
            {"", "user@a.t5.example", "five|a.t5.example|user@a.t5.example|default"},
            {"", "user@b.a.t5.example", "five|b.a.t5.example|user@b.a.t5.example|default"},
            {"", "user@t6.example", "error|no mail here|user@t6.example|default"},
            {"", "user@t7.example", "retry|4.3.0 later|user@t7.example|default"},
            {"", "user@t8.example", "u8|hop8|user@t8.example|default"},
            {"", "user+ext@t8.example", "u8e|t8.example|user+ext@t8.example|default"},
            {"", "user+foo@t8.example", "u8|hop8|user+foo@t8.example|default"},
            {"", "other@t8.example", "d8|t8.example|other@t8.example|default"},
            {"", "x@trelay.example", "relay|inner.trelay.example|x@trelay.example|relay"},
            {"", "us-user@us.example", "pipe|x|us-user@us.example|local"},
            {"", "us-user+e@us.example", "pipe|x|us-user+e@us.example|local"},
            {"", "user@t9.example", "smtp|nullrelay|user@t9.example|default"},
            {"a@sender.example", "user@other.example",
             "smtp|[sdr.example]:587|user@other.example|default"},
            {"b@sdom.example", "user@other.example", "smtp|sdomrelay|user@other.example|default"},
            {"a@sender.example", "user@relay.example",
             "relay|[sdr.example]:587|user@relay.example|relay"},
            {"a@sender.example", "user@us.example", "local|host.us.example|user@us.example|local"},
            {"a@sender.example", "user@t3.example", "slow|t3.example|user@t3.example|default"},
            {"x@sender.example", "user@other.example",
             "smtp|[main.example]:25|user@other.example|default"},
            {"t@sender.example", "user@other.example", "slow|viaslow|user@other.example|default"},
            {"u@sender.example", "user@other.example",
             "slow|[main.example]:25|user@other.example|default"},
            {"v@sender.example", "user@other.example",
             "smtp|[main.example]:25|user@other.example|default"},
            {"t@sender.example", "user@relay.example",
             "relay|[main.example]:25|user@relay.example|relay"},
            {"t@sender.example", "user@t2.example",
             "slow|[onlyhop.example]|user@t2.example|default"},
            {"a+x@sender.example", "user@other.example",
             "smtp|[sdr.example]:587|user@other.example|default"},
            {"", "user@US.Example", "local|host.us.example|user@US.Example|local"},
            {"", "user@us.example.", "local|host.us.example|user@us.example|local"},
            {"", "user@localhost", "local|host.us.example|user@localhost|local"},
            {"", "user@host.us.example", "local|host.us.example|user@host.us.example|local"},
            {"", "user@[]", "||user@[]|default|bad"},
            {"", "user@1.2.3.4", "||user@1.2.3.4|default|bad"},
            {"", "user@-bad.example", "||user@-bad.example|default|bad"},
            {"", "user@a..b", "||user@a..b|default|bad"},
            {"", "user@a b", "||user@a b|default|bad"},
            {"", "user@", "||user@|default|bad"},
            {"", "user@us.example@", "local|host.us.example|user@us.example|local"},
            {"", "user@x_y.example", "smtp|nullrelay|user@x_y.example|default"},
            {"", "user@bad_host_.example", "smtp|nullrelay|user@bad_host_.example|default"},
            {"", "%@us.example", "||MAILER-DAEMON@|default|bad"},
            {"", "!@us.example", "||MAILER-DAEMON@|default|bad"},
            {"", "user%us.example@us.example", "local|host.us.example|user@us.example|local"},
            {"", "user%a.example%us.example@us.example", "smtp|nullrelay|user@a.example|default"},
            {"", "user@com", "smtp|nullrelay|user@com|default"},
            {"", "user@localhost.localdomain", "smtp|nullrelay|user@localhost.localdomain|default"},
            {"", "MAILER-DAEMON", "local|host.us.example|MAILER-DAEMON@host.us.example|local"},
            {"", "user@[IPv6:2001:db8::1]", "smtp|nullrelay|user@[IPv6:2001:db8::1]|default"},
            {"", "-oQ/tmp@us.example", "||-oQ/tmp@us.example|local|bad"},
            {"", "|id@us.example", "local|host.us.example||id@us.example|local"},
            // Read as Postfix reads the same address between quotation marks.
            {"", "a b@us.example", "local|host.us.example|a b@us.example|local"},
            // A source route that SMTP has not taken off: not for strangers.
            {"", "@us.example,@x.example:user@victim.example",
             "smtp|nullrelay|@us.example,@x.example:user@victim.example|default|routed"},
        });
}

TEST(Router, PlainSiteSendsToTheRecipientsDomain)
{
    expect_routes(
        "", {
                {"s@x.example", "u@other.example", "smtp|other.example|u@other.example|default"},
                {"", "u@other.example", "smtp|other.example|u@other.example|default"},
                {"", "u@sub.relay.example", "relay|sub.relay.example|u@sub.relay.example|relay"},
                {"", "u@vbox.example", "virtual|vbox.example|u@vbox.example|mailbox"},
                {"", "u@[203.0.113.7]", "local|host.us.example|u@[203.0.113.7]|local"},
            });
}

TEST(Router, ParametersChangeTheDefaults)
{
    struct {
        std::string config;
        Row row;
    } cases[] = {
        {"local_transport = error:local mail is off",
         {"", "u@us.example", "error|local mail is off|u@us.example|local"}},
        {"local_transport = lmtp:unix:private/lmtp",
         {"", "u@us.example", "lmtp|unix:private/lmtp|u@us.example|local"}},
        {"virtual_transport = lmtp:[::1]:24",
         {"", "u@vbox.example", "lmtp|[::1]:24|u@vbox.example|mailbox"}},
        {"relay_transport = relay:[inner]:26\nrelayhost = outer",
         {"", "u@relay.example", "relay|[inner]:26|u@relay.example|relay"}},
        {"relayhost = outer", {"", "u@relay.example", "relay|outer|u@relay.example|relay"}},
        {"default_transport = slow:hop\nrelayhost = outer",
         {"", "u@o.example", "slow|hop|u@o.example|default"}},
        {"transport_maps = inline:{*=smart:[hub]}",
         {"", "u@o.example", "smart|[hub]|u@o.example|default"}},
        {"transport_maps = inline:{*=smart:[hub]}",
         {"", "u@us.example", "smart|[hub]|u@us.example|local"}},
        {"transport_maps = regexp:{{/^u@o/ pat:hop}}",
         {"", "u@o.example", "pat|hop|u@o.example|default"}},
        {"transport_maps = regexp:{{/^o.example/ pat:hop}}",
         {"", "u@o.example", "smtp|o.example|u@o.example|default"}},
        {"transport_maps = inline:{o.example=up:}\nparent_domain_matches_subdomains = "
         "transport_maps",
         {"", "u@sub.o.example", "up|sub.o.example|u@sub.o.example|default"}},
        {"parent_domain_matches_subdomains =",
         {"", "u@sub.relay.example", "smtp|sub.relay.example|u@sub.relay.example|default"}},
        {"resolve_null_domain = yes", {"", "u@", "local|host.us.example|u@host.us.example|local"}},
        {"resolve_numeric_domain = yes",
         {"", "u@192.0.2.1", "smtp|[192.0.2.1]|u@[192.0.2.1]|default"}},
        {"allow_min_user = yes",
         {"", "-u@us.example", "local|host.us.example|-u@us.example|local"}},
        {"empty_address_recipient = nobody",
         {"", "", "local|host.us.example|nobody@host.us.example|local"}},
        {"show_user_unknown_table_name = no",
         {"", "u@valias.example", "error|5.1.1 User unknown|u@valias.example|alias"}},
        {"virtual_alias_domains = inline:{v.example=x}",
         {"", "u@v.example", "error|5.1.1 User unknown in virtual alias table|u@v.example|alias"}},
        {"allow_percent_hack = no",
         {"", "a%b@us.example", "local|host.us.example|a%b@us.example|local"}},
        {"swap_bangpath = no",
         {"", "a!b@us.example", "local|host.us.example|a!b@us.example|local"}},
    };
    for (const auto& one : cases)
        expect_routes(one.config, {one.row});
}

TEST(Router, TablesThatFailAreTemporaryErrors)
{
    for (std::string_view config :
         {"transport_maps = fail:x", "mydestination = fail:x", "relay_domains = fail:x",
          "virtual_alias_domains = fail:x", "relocated_maps = fail:x",
          "sender_dependent_relayhost_maps = fail:x",
          "sender_dependent_default_transport_maps = hash:/no/such/file"}) {
        test::SiteUnderTest site(config);
        Router router(site.tables(), site.destinations());
        auto route = test::run(router.resolve("s@x.example", "u@other.example"));
        ASSERT_FALSE(route) << config;
        EXPECT_TRUE(route.error().temporary()) << config;
    }
}

// ADDR-01: no form of an address makes this host a relay for strangers.
TEST(Router, NeverAuthorizesAnotherHostsAddress)
{
    std::string victims[] = {
        "user%victim.example@us.example",
        "victim.example!user@us.example",
        "@us.example,@x.example:user@victim.example",
        "\"user@victim.example\"@us.example",
        "user@victim.example@us.example",
        "user@us.example@victim.example",
        "user%victim.example",
        "victim.example!user",
        "user%victim.example@relay.example",
        "victim.example!user@relay.example",
        "user@victim.example@relay.example",
        "user%victim.example@vbox.example",
        "user%victim.example%us.example@us.example",
        "us.example!victim.example!user",
        "user%victim.example@[127.0.0.1]",
        "user@victim.example@[127.0.0.1]",
        "user@victim.example.",
        "us er@victim.example@us.example",
        "us er%victim.example@us.example",
        "us er!victim.example@us.example",
        "user@[192.0.2.1]",
        "@us.example:user@victim.example",
        "user@us.example%victim.example",
        "user%@victim.example",
        "-user%victim.example@us.example",
    };
    for (std::string_view config :
         {"", "allow_percent_hack = no\nswap_bangpath = no", "resolve_dequoted_address = no"}) {
        test::SiteUnderTest site(config);
        Router router(site.tables(), site.destinations());
        for (const auto& victim : victims) {
            auto route = test::run(router.resolve("", victim));
            ASSERT_TRUE(route) << victim;
            // With an operator switched off, it is a letter of a local name: local is harmless.
            bool stays = route->address_class == AddressClass::Local;
            EXPECT_TRUE(stays ? !std::string_view(config).empty()
                              : !is_authorized_destination(*route, false))
                << victim << " " << shown(*route);
        }
        for (std::string ours : {"user@us.example", "postmaster", "user@[127.0.0.1]",
                                 "user@relay.example", "user@sub.relay.example", "u@vbox.example",
                                 "user@US.EXAMPLE.", "user+x@us.example", "u@valias.example"})
            EXPECT_TRUE(is_authorized_destination(*test::run(router.resolve("", ours)), false))
                << ours;
    }
    Route routed;
    routed.address_class = AddressClass::Relay;
    routed.routed = true;
    EXPECT_TRUE(is_authorized_destination(routed, true));
}

TEST(Router, ManyRoutesEnd)
{
    test::SiteUnderTest site;
    Router router(site.tables(), site.destinations());
    std::string address = "u";
    for (int i = 0; i < 5000; ++i)
        address += "%us.example";
    EXPECT_FALSE(test::run(router.resolve("", address + "@us.example")));
}

TEST(HostName, FollowsTheRules)
{
    for (std::string_view good : {"a", "a.b", "x_y.example", "bad_host_.example", "1.a", "com",
                                  "caf\xc3\xa9.example", "3com"})
        EXPECT_TRUE(is_host_name(good)) << good;
    for (std::string_view bad :
         {"", ".", "a.", ".a", "a..b", "-a", "a-", "a b", "1.2.3.4", "a/b", "12", "a@b"})
        EXPECT_FALSE(is_host_name(bad)) << bad;
    EXPECT_FALSE(is_host_name(std::string(64, 'a')));
    EXPECT_FALSE(is_host_name(std::string(300, 'a')));
}

} // namespace
} // namespace route
