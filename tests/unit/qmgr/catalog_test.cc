// SPDX-License-Identifier: Apache-2.0
// TRANSPORT_* before default_*, and what is wrong falls back.
#include <gtest/gtest.h>

#include "qmgr/catalog.h"

namespace qmgr {

class CatalogTest : public ::testing::Test {
protected:
    TransportSettings settings(std::string_view main_cf, std::string_view transport)
    {
        config::Faults faults;
        auto main = config::MainCf::parse(main_cf, "main.cf", faults);
        config::QmgrParams params;
        params.load(main, faults);
        EXPECT_TRUE(faults.empty());
        return Catalog(main, params).settings(transport);
    }
};

TEST_F(CatalogTest, TakesTheTransportsOwnValueBeforeTheDefault)
{
    constexpr std::string_view text = "default_destination_concurrency_limit = 7\n"
                                      "relay_destination_concurrency_limit = 3\n"
                                      "relay_destination_rate_delay = 2s\n"
                                      "relay_destination_recipient_limit = $ten\n"
                                      "ten = 10\n"
                                      "relay_initial_destination_concurrency = 2\n";
    auto relay = settings(text, "relay"), smtp = settings(text, "smtp");
    EXPECT_EQ(relay.destination_concurrency_limit, 3);
    EXPECT_EQ(relay.destination_rate_delay, std::chrono::seconds(2));
    EXPECT_EQ(relay.destination_recipient_limit, 10);
    EXPECT_EQ(relay.initial_destination_concurrency, 2);
    EXPECT_EQ(smtp.destination_concurrency_limit, 7);
    EXPECT_EQ(smtp.destination_rate_delay, base::Duration{0});
    EXPECT_EQ(smtp.destination_recipient_limit, 50);
    EXPECT_EQ(smtp.initial_destination_concurrency, 5);
}

TEST_F(CatalogTest, KnowsWhatIsBuiltInForLocal)
{
    auto local = settings("", "local");
    EXPECT_EQ(local.destination_concurrency_limit, 2);
    EXPECT_EQ(local.destination_recipient_limit, 1);
    EXPECT_EQ(settings("local_destination_concurrency_limit = 9\n", "local")
                  .destination_concurrency_limit,
              9);
}

TEST_F(CatalogTest, UsesTheDefaultForWhatMakesNoSense)
{
    constexpr std::string_view text = "smtp_destination_concurrency_limit = many\n"
                                      "smtp_destination_rate_delay = soon\n"
                                      "smtp_destination_recipient_limit = -5\n"
                                      "smtp_initial_destination_concurrency = 99999999999\n"
                                      "smtp_destination_concurrency_positive_feedback = strong\n";
    auto smtp = settings(text, "smtp"), other = settings("", "smtp");
    EXPECT_EQ(smtp.destination_concurrency_limit, other.destination_concurrency_limit);
    EXPECT_EQ(smtp.destination_rate_delay, other.destination_rate_delay);
    EXPECT_EQ(smtp.destination_recipient_limit, other.destination_recipient_limit);
    EXPECT_EQ(smtp.initial_destination_concurrency, other.initial_destination_concurrency);
}

} // namespace qmgr
