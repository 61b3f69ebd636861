// SPDX-License-Identifier: Apache-2.0
// The order of stages, warnings instead of refusals, and doubts.
#include <gtest/gtest.h>

#include "tests/unit/smtpd/policy_fixture.h"

namespace smtpd {
namespace {

constexpr std::string_view access_denied_rcpt =
    "554 5.7.1 <joe@here.example>: Recipient address rejected: Access denied";

TEST(Stages, ComeInTheirOrder)
{
    struct Row {
        std::string_view config;
        std::string_view reply;
    };
    for (const Row& row : {
             Row{"smtpd_recipient_restrictions = reject\n", access_denied_rcpt},
             Row{"smtpd_sender_restrictions = reject\nsmtpd_recipient_restrictions = defer\n",
                 "554 5.7.1 <s@away.example>: Sender address rejected: Access denied"},
             Row{"smtpd_helo_restrictions = reject\nsmtpd_sender_restrictions = defer\n",
                 "554 5.7.1 <helo.example>: Helo command rejected: Access denied"},
             Row{"smtpd_client_restrictions = permit\nsmtpd_recipient_restrictions = reject\n",
                 access_denied_rcpt},
             Row{"smtpd_relay_restrictions = defer\nsmtpd_recipient_restrictions = reject\n",
                 "450 4.3.2 <joe@here.example>: Recipient address rejected: Try again later"},
             Row{"smtpd_relay_before_recipient_restrictions = no\nsmtpd_relay_restrictions = "
                 "defer\nsmtpd_recipient_restrictions = reject\n",
                 access_denied_rcpt},
             Row{"smtpd_recipient_restrictions = permit\nsmtpd_relay_restrictions = reject\n",
                 access_denied_rcpt},
             Row{"smtpd_recipient_restrictions = permit, reject\n", ""},
         }) {
        PolicyFixture fixture(row.config);
        EXPECT_EQ(fixture.rcpt({}), row.reply) << row.config;
    }
}

TEST(WarnIfReject, WarnsAndGoesOn)
{
    PolicyFixture fixture("smtpd_recipient_restrictions = warn_if_reject reject_non_fqdn_sender, "
                          "reject\n");
    EXPECT_EQ(fixture.rcpt({.sender = "short"}), access_denied_rcpt);
    EXPECT_EQ(fixture.log(), "reject_warning: 504 5.5.2 <short>: Sender address rejected: need "
                             "fully-qualified address");
}

TEST(WarnIfReject, HoldsForAWholeClass)
{
    PolicyFixture fixture("smtpd_restriction_classes = c\nc = reject_non_fqdn_sender, reject\n"
                          "smtpd_sender_restrictions = warn_if_reject c\n");
    EXPECT_EQ(fixture.rcpt({.sender = "short"}), "");
    EXPECT_EQ(
        fixture.log(),
        "reject_warning: 504 5.5.2 <short>: Sender address rejected: need fully-qualified "
        "address | reject_warning: 554 5.7.1 <short>: Sender address rejected: Access denied");
}

TEST(WarnIfReject, DoesNotExcuseFaultsOfOurs)
{
    PolicyFixture fixture("smtpd_recipient_restrictions = warn_if_reject "
                          "reject_unlisted_recipient\nlocal_recipient_maps = lmdb:/nowhere/x\n");
    EXPECT_EQ(fixture.rcpt({}), "451 4.3.0 <joe@here.example>: Temporary lookup failure");
}

TEST(Doubts, KeepMailFromPassing)
{
    PolicyFixture fixture("smtpd_sender_restrictions = reject_unknown_sender_domain\n"
                          "smtpd_recipient_restrictions = permit\n");
    fixture.world().names["slow.example"] = Existence::TryAgain;
    EXPECT_EQ(fixture.rcpt({.sender = "x@slow.example"}),
              "450 4.1.8 <x@slow.example>: Sender address rejected: Domain not found");
    EXPECT_EQ(fixture.rcpt({.sender = "x@slow.example", .rcpt = "x@away.example"}),
              "554 5.7.1 <x@away.example>: Relay access denied");
}

TEST(Doubts, OfEarlierStagesAreKept)
{
    for (std::string_view stage : {"client", "helo", "sender", "recipient"}) {
        PolicyFixture fixture(base::cat("smtpd_", stage, "_restrictions = defer_if_permit\n"));
        std::string reply = fixture.rcpt({});
        EXPECT_TRUE(reply.starts_with("450 4.7.0 <")) << reply;
        EXPECT_TRUE(reply.ends_with("rejected: defer_if_permit requested")) << reply;
        EXPECT_TRUE(fixture.rcpt({.rcpt = "x@away.example"}).starts_with("554 5.7.1"));
    }
}

TEST(Doubts, MayRefuseAtOnce)
{
    PolicyFixture fixture("reject_tempfail_action = defer\nsmtpd_sender_restrictions = "
                          "reject_unknown_sender_domain\nsmtpd_helo_restrictions = permit\n");
    fixture.world().names["slow.example"] = Existence::TryAgain;
    EXPECT_EQ(fixture.rcpt({.sender = "x@slow.example", .rcpt = "x@away.example"}),
              "450 4.1.8 <x@slow.example>: Sender address rejected: Domain not found");
}

TEST(Doubts, SoftenARefusal)
{
    PolicyFixture fixture("smtpd_recipient_restrictions = defer_if_reject, reject\n");
    EXPECT_EQ(fixture.rcpt({}), "450 4.7.0 <joe@here.example>: Recipient address rejected: "
                                "defer_if_reject requested");
    PolicyFixture other("smtpd_recipient_restrictions = defer_if_reject, permit\n");
    EXPECT_EQ(other.rcpt({}), "");
}

TEST(Permits, AreLoggedWhereAsked)
{
    PolicyFixture fixture("smtpd_log_access_permit_actions = permit_mynetworks\n");
    EXPECT_EQ(fixture.rcpt({.client = "mine.example[192.0.2.130]"}), "");
    EXPECT_EQ(fixture.log(),
              "permit: action=permit_mynetworks for Recipient address=joe@here.example");
}

TEST(Trace, TellsWhatWasAsked)
{
    PolicyFixture fixture("smtpd_recipient_restrictions = check_recipient_access "
                          "inline:{here.example=OK}, reject\n");
    SessionPolicy policy(fixture.engine(), fixture.limits(), {});
    EXPECT_EQ(fixture.rcpt(policy, {}), "");
    std::vector<Consulted> want = {{"permit_mynetworks", {}, Decision::Dunno},
                                   {"reject_unauth_destination", {}, Decision::Dunno},
                                   {"check_recipient_access", "here.example", Decision::Permit}};
    EXPECT_EQ(policy.trace(), want);
}

} // namespace
} // namespace smtpd
