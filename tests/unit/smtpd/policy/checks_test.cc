// SPDX-License-Identifier: Apache-2.0
// Reading lists of restrictions: what is wrong is told at start.
#include "smtpd/policy/checks.h"

#include <gtest/gtest.h>

#include "tests/unit/smtpd/policy_fixture.h"

namespace smtpd {
namespace {

TEST(Lists, TellWhatIsWrongWithThem)
{
    struct Row {
        std::string_view config;
        std::string_view text;
    };
    for (const Row& row : {
             Row{"smtpd_client_restrictions = reject_unknown_cleint\n",
                 "unknown smtpd restriction: \"reject_unknown_cleint\""},
             Row{"smtpd_client_restrictions = reject_rbl_client zen.example\n",
                 "restriction reject_rbl_client is not in this release"},
             Row{"smtpd_recipient_restrictions = check_policy_service unix:private/policy\n",
                 "restriction check_policy_service is not in this release"},
             Row{"smtpd_sender_restrictions = reject_sender_login_mismatch\n",
                 "restriction reject_sender_login_mismatch is not in this release"},
             Row{"smtpd_client_restrictions = check_client_access\n",
                 "restriction check_client_access needs an argument"},
             Row{"smtpd_client_restrictions = check_client_access permit\n",
                 "bad argument \"permit\": need maptype:mapname"},
             Row{"smtpd_client_restrictions = sleep now\n", "must be followed by number"},
             Row{"smtpd_data_restrictions = static:OK\n", "unexpected lookup table static:OK"},
             Row{"smtpd_restriction_classes = c\nsmtpd_client_restrictions = c\n",
                 "restriction class `c' needs a definition"},
             Row{"smtpd_restriction_classes = c\nc = oops\nsmtpd_client_restrictions = c\n",
                 "unknown smtpd restriction: \"oops\""},
         }) {
        PolicyFixture fixture(row.config);
        auto faults = fixture.faults();
        ASSERT_EQ(faults.size(), 1u) << row.config;
        EXPECT_NE(faults[0].text.find(row.text), std::string::npos) << faults[0].text;
        EXPECT_TRUE(config::has_errors(faults));
    }
}

TEST(Lists, TellThePlaceAndACure)
{
    PolicyFixture fixture("smtpd_client_restrictions = reject_unknown_cleint\n");
    auto faults = fixture.faults();
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].file, "main.cf");
    EXPECT_GT(faults[0].line, 10);
    EXPECT_EQ(faults[0].hint, "Did you mean reject_unknown_client?");
}

TEST(Lists, TakeWhatCannotMatchYet)
{
    PolicyFixture fixture("smtpd_client_restrictions = permit_sasl_authenticated, "
                          "permit_tls_clientcerts, permit_dnswl_client x.example, "
                          "check_ccert_access static:OK\n");
    EXPECT_TRUE(fixture.faults().empty());
    EXPECT_EQ(fixture.rcpt({}), "");
}

TEST(Lists, TakeABareTableAsTheirOwnKind)
{
    PolicyFixture fixture("smtpd_helo_restrictions = inline:{helo.example=REJECT}\n");
    EXPECT_EQ(fixture.rcpt({}), "554 5.7.1 <helo.example>: Helo command rejected: Access denied");
}

TEST(Lists, SurviveClassesThatNameEachOther)
{
    PolicyFixture fixture("smtpd_restriction_classes = a, b\na = b\nb = a\n"
                          "smtpd_client_restrictions = a\n");
    EXPECT_EQ(fixture.rcpt({}), "451 4.3.5 Server configuration error");
}

TEST(OpenRelay, IsNotStarted)
{
    struct Row {
        std::string_view relay;
        std::string_view recipient;
        bool safe;
    };
    for (const Row& row : {
             Row{"", "", false},
             Row{"permit_mynetworks", "permit_mynetworks", false},
             Row{"permit_mynetworks, reject_unauth_destination", "", true},
             Row{"", "defer_unauth_destination", true},
             Row{"", "permit_mynetworks, reject", true},
             Row{"defer", "", true},
             Row{"", "defer_if_permit", true},
             Row{"permit, reject_unauth_destination", "", false},
             Row{"warn_if_reject reject_unauth_destination", "", false},
             Row{"c", "", true},
             Row{"warn_if_reject c", "", false},
         }) {
        PolicyFixture fixture(base::cat("smtpd_restriction_classes = c\n"
                                        "c = reject_unauth_destination\n"
                                        "smtpd_relay_restrictions = ",
                                        row.relay,
                                        "\nsmtpd_recipient_restrictions = ", row.recipient, "\n"));
        EXPECT_EQ(!config::has_errors(fixture.faults()), row.safe)
            << row.relay << " / " << row.recipient;
    }
}

TEST(OpenRelay, IsNotTheDefault)
{
    PolicyFixture fixture("compatibility_level = 3.9\nmyhostname = a.example\n", false);
    EXPECT_FALSE(config::has_errors(fixture.faults()));
    EXPECT_EQ(fixture.rcpt({.rcpt = "x@away.example"}),
              "454 4.7.1 <x@away.example>: Relay access denied");
}

} // namespace
} // namespace smtpd
