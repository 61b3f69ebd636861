// SPDX-License-Identifier: Apache-2.0
// From main.cf to the settings of the SMTP and LMTP clients.
#include "lib/delivery/smtp_settings.h"

#include <gtest/gtest.h>

namespace delivery {
namespace {

using Prefer = LookupSettings::Prefer;

template <typename P> SmtpSettings settings_of(std::string_view text)
{
    config::Faults faults;
    config::MainCf main = config::MainCf::parse(text, "main.cf", faults);
    config::CommonParams common;
    P params;
    common.declare(main);
    params.declare(main);
    common.load(main, faults);
    params.load(main, faults);
    EXPECT_FALSE(config::has_errors(faults));
    return make_settings(params, common, {});
}

TEST(SmtpSettings, HaveTheDefaultsOfPostfix)
{
    const auto smtp = settings_of<config::SmtpParams>("myhostname = me.example\n");
    EXPECT_EQ(smtp.default_port, 25);
    EXPECT_EQ(smtp.client.helo_name, "me.example");
    EXPECT_EQ(smtp.connect_time, std::chrono::seconds(30));
    EXPECT_EQ(smtp.session_limit, 2u);
    EXPECT_EQ(smtp.lookup.address_limit, 5u);
    EXPECT_TRUE(smtp.lookup.use_mx);
    EXPECT_TRUE(smtp.client.skip_quit_response);
    EXPECT_TRUE(smtp.fallback_relays.empty());
    const auto lmtp = settings_of<config::LmtpParams>("myhostname = me.example\n");
    EXPECT_EQ(lmtp.default_port, 24);
    EXPECT_EQ(lmtp.client.dialect, smtp::Dialect::Lmtp);
    EXPECT_FALSE(lmtp.lookup.use_mx);
    EXPECT_FALSE(lmtp.client.skip_quit_response);
}

TEST(SmtpSettings, ReadEachPrefixForItself)
{
    const auto smtp = settings_of<config::SmtpParams>("smtp_helo_timeout = 7\n"
                                                      "lmtp_lhlo_timeout = 8\n"
                                                      "smtp_address_preference = ipv6\n"
                                                      "smtp_bind_address = 192.0.2.9\n"
                                                      "inet_protocols = ipv4\n"
                                                      "disable_dns_lookups = yes\n"
                                                      "smtp_tcp_port = submission\n");
    EXPECT_EQ(smtp.client.timeouts.helo, std::chrono::seconds(7));
    EXPECT_EQ(smtp.lookup.prefer, Prefer::Ipv6);
    EXPECT_FALSE(smtp.lookup.ipv6);
    EXPECT_FALSE(smtp.lookup.use_mx);
    EXPECT_TRUE(smtp.lookup.use_native);
    EXPECT_EQ(smtp.bind_ipv4, net::Address::parse("192.0.2.9"));
    EXPECT_EQ(smtp.default_port, 587);
}

TEST(SmtpSettings, BindToTheOnlyAddressThatIsNotLoopback)
{
    config::Faults faults;
    const auto address = [](const char* text) {
        return config::Interface{*net::Address::parse(text), 24};
    };
    const config::OwnAddresses::Rules all{{"all"}, {}, {"all"}};
    const config::OwnAddresses one{all, {address("192.0.2.1"), address("::1")}, faults};
    EXPECT_EQ(only_address(one, net::Family::Inet), net::Address::parse("192.0.2.1"));
    EXPECT_FALSE(only_address(one, net::Family::Inet6));
    const config::OwnAddresses two{all, {address("192.0.2.1"), address("127.0.0.1")}, faults};
    EXPECT_FALSE(only_address(two, net::Family::Inet));
}

} // namespace
} // namespace delivery
