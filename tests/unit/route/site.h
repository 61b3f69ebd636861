// SPDX-License-Identifier: Apache-2.0
// A mail site made from main.cf text, for tests of routes.
#pragma once

#include "lib/config/params/common.h"
#include "lib/route/destinations.h"
#include "tests/unit/table/support.h"

namespace test {

// The site of most tests.
inline constexpr std::string_view kSite = R"(
compatibility_level = 3.6
myhostname = host.us.example
mydomain = us.example
mydestination = us.example, localhost.$mydomain, localhost, $myhostname
alias_maps =
local_recipient_maps =
recipient_delimiter = +
inet_interfaces = 127.0.0.1
virtual_alias_domains = valias.example
virtual_mailbox_domains = vbox.example
relay_domains = relay.example, trelay.example
)";

class SiteUnderTest {
public:
    explicit SiteUnderTest(std::string_view more = "")
        : main_(config::MainCf::parse(std::string(kSite) + std::string(more), "main.cf", faults_))
    {
        common_.declare(main_);
        params_.declare(main_);
        common_.load(main_, faults_);
        params_.load(main_, faults_);
        for (const auto& fault : faults_)
            EXPECT_TRUE(fault.warning) << fault.to_string();
        own_ = config::OwnAddresses({{"127.0.0.1"}, {"203.0.113.7"}, {}}, {}, faults_);
        destinations_.emplace(
            tables_,
            route::Site{params_, common_.myhostname(), common_.mydomain(), common_.myorigin()},
            own_);
    }

    table::Tables& tables() { return tables_; }
    const route::Destinations& destinations() const { return *destinations_; }

private:
    config::Faults faults_;
    config::MainCf main_;
    config::CommonParams common_;
    config::RouteParams params_;
    table::Tables tables_{{}};
    config::OwnAddresses own_;
    std::optional<route::Destinations> destinations_;
};

} // namespace test
