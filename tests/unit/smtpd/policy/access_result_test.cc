// SPDX-License-Identifier: Apache-2.0
// Access tables: which keys they are asked for, and what their results do.
#include "smtpd/policy/access_result.h"

#include <gtest/gtest.h>

#include "tests/unit/smtpd/policy_fixture.h"

namespace smtpd {
namespace {

struct Row {
    std::string_view list; // Parameter and restriction.
    std::string_view table;
    Asked asked;
    std::string_view reply;
    std::string_view log = {};
};

void check_rows(const std::vector<Row>& rows)
{
    for (const Row& row : rows) {
        PolicyFixture fixture(base::cat(row.list, " inline:{ ", row.table, " }\n"));
        EXPECT_FALSE(config::has_errors(fixture.faults())) << row.table;
        EXPECT_EQ(fixture.rcpt(row.asked), row.reply) << row.list << row.table;
        EXPECT_EQ(fixture.log(), row.log) << row.list << row.table;
    }
}

constexpr std::string_view client = "smtpd_client_restrictions = check_client_access";
constexpr std::string_view helo = "smtpd_helo_restrictions = check_helo_access";
constexpr std::string_view sender = "smtpd_sender_restrictions = check_sender_access";
constexpr std::string_view rcpt = "smtpd_recipient_restrictions = check_recipient_access";
constexpr std::string_view no_client =
    "554 5.7.1 <client.example[192.0.2.9]>: Client host rejected: Access denied";
constexpr std::string_view no_sender =
    "554 5.7.1 <s@away.example>: Sender address rejected: Access denied";

TEST(AccessTable, IsAskedForNamesAndNetworks)
{
    check_rows({
        {client, "{client.example = REJECT}", {}, no_client},
        {client, "{CLIENT.example = REJECT}", {}, no_client},
        {client, "{example = REJECT}", {}, no_client},
        {client, "{.example = REJECT}", {}, ""},
        {client, "{192.0.2.9 = REJECT}", {}, no_client},
        {client, "{192.0.2 = REJECT}", {}, no_client},
        {client, "{192.0 = REJECT}", {}, no_client},
        {client, "{192 = REJECT}", {}, no_client},
        {client, "{192.0.2.8 = REJECT}", {}, ""},
        {client, "{192.0.2. = REJECT}", {}, ""},
        {client,
         "{2001:db8 = REJECT}",
         {.client = "six.example[2001:db8::5]"},
         "554 5.7.1 <six.example[2001:db8::5]>: Client host rejected: Access denied"},
        {client,
         "{unknown = REJECT}",
         {.client = "unknown[192.0.2.9]"},
         "554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied"},
        {client, "{client.example = DUNNO}, {192.0.2.9 = REJECT}", {}, ""},
        {client, "{client.example = OK}, {example = REJECT}", {}, ""},
        {helo,
         "{helo.example = REJECT}",
         {},
         "554 5.7.1 <helo.example>: Helo command rejected: Access denied"},
        {helo,
         "{example = REJECT}",
         {},
         "554 5.7.1 <helo.example>: Helo command rejected: Access denied"},
        {helo, "{example = REJECT}", {.helo = ""}, ""},
    });
}

TEST(AccessTable, IsAskedForPartsOfAddresses)
{
    check_rows({
        {sender, "{s@away.example = REJECT}", {}, no_sender},
        {sender, "{away.example = REJECT}", {}, no_sender},
        {sender, "{example = REJECT}", {}, no_sender},
        {sender, "{s@ = REJECT}", {}, no_sender},
        {sender, "{s = REJECT}", {}, ""},
        {sender, "{@away.example = REJECT}", {}, ""},
        {sender, "{s@away.example = OK}, {away.example = REJECT}", {}, ""},
        {sender,
         "{<> = REJECT}",
         {.sender = ""},
         "554 5.7.1 <>: Sender address rejected: Access denied"},
        {rcpt,
         "{joe@ = REJECT}",
         {},
         "554 5.7.1 <joe@here.example>: Recipient address rejected: Access denied"},
        {rcpt, "{jim@ = REJECT}", {}, ""},
        {"recipient_delimiter = +\nsmtpd_recipient_restrictions = check_recipient_access",
         "{joe@here.example = REJECT}",
         {.rcpt = "joe+list@here.example"},
         "554 5.7.1 <joe+list@here.example>: Recipient address rejected: Access denied"},
        {"parent_domain_matches_subdomains =\nsmtpd_sender_restrictions = check_sender_access",
         "{.example = REJECT}",
         {},
         no_sender},
        {"parent_domain_matches_subdomains =\nsmtpd_sender_restrictions = check_sender_access",
         "{example = REJECT}",
         {},
         ""},
        {"smtpd_null_access_lookup_key = nobody\nsmtpd_sender_restrictions = check_sender_access",
         "{nobody = REJECT}",
         {.sender = ""},
         "554 5.7.1 <>: Sender address rejected: Access denied"},
    });
}

TEST(AccessTable, ReallyRefuses)
{
    check_rows({
        {sender,
         "{s@ = REJECT go away}",
         {},
         "554 5.7.1 <s@away.example>: Sender address rejected: go away"},
        {sender,
         "{s@ = reject 5.7.9 go away}",
         {},
         "554 5.7.9 <s@away.example>: Sender address rejected: go away"},
        {sender, "{s@ = 550 no}", {}, "550 5.7.1 <s@away.example>: Sender address rejected: no"},
        {sender,
         "{s@ = 450 4.3.1 later}",
         {},
         "450 4.3.1 <s@away.example>: Sender address rejected: later"},
        {sender,
         "{s@ = 550 4.1.1 mixed}",
         {},
         "550 5.1.0 <s@away.example>: Sender address rejected: mixed"},
        {sender, "{s@ = 421 off}", {}, "421 4.7.1 <s@away.example>: Sender address rejected: off"},
        {sender,
         "{s@ = DEFER}",
         {},
         "450 4.7.1 <s@away.example>: Sender address rejected: Access denied"},
        {sender,
         "{s@ = DEFER 4.2.0 busy}",
         {},
         "450 4.2.0 <s@away.example>: Sender address rejected: busy"},
        {"access_map_reject_code = 550\nsmtpd_sender_restrictions = check_sender_access",
         "{s@ = REJECT}",
         {},
         "550 5.7.1 <s@away.example>: Sender address rejected: Access denied"},
        {"access_map_defer_code = 451\nsmtpd_sender_restrictions = check_sender_access",
         "{s@ = DEFER}",
         {},
         "451 4.7.1 <s@away.example>: Sender address rejected: Access denied"},
        {client,
         "{example = 550 5.1.1 x}",
         {},
         "550 5.0.0 <client.example[192.0.2.9]>: Client host rejected: x"},
        {rcpt,
         "{joe@ = 550 5.1.8 x}",
         {},
         "550 5.1.2 <joe@here.example>: Recipient address rejected: x"},
        {sender,
         "{s@ = DEFER_IF_PERMIT}",
         {},
         "450 4.7.1 <s@away.example>: Sender address rejected: Service unavailable"},
        {sender,
         "{s@ = DEFER_IF_PERMIT try later}",
         {.rcpt = "x@gone.example"},
         "554 5.7.1 <x@gone.example>: Relay access denied"},
        {"smtpd_recipient_restrictions = check_recipient_access static:{REJECT}, permit\n"
         "smtpd_relay_restrictions = reject_unauth_destination\n"
         "smtpd_data_restrictions = check_sender_access",
         "{x = OK}",
         {},
         "554 5.7.1 <joe@here.example>: Recipient address rejected: Access denied"},
    });
}

TEST(AccessTable, PermitsAndActs)
{
    check_rows({
        {"smtpd_sender_restrictions = check_sender_access static:OK, reject, check_sender_access",
         "{x = y}",
         {},
         ""},
        {sender, "{s@ = OK}", {}, ""},
        {sender, "{s@ = RELAY}", {}, ""},
        {sender, "{s@ = 1234567}", {}, ""},
        {sender, "{s@ = 554}", {}, ""},
        {sender, "{s@ = DUNNO}", {}, ""},
        {sender,
         "{s@ = HOLD}",
         {},
         "",
         "hold: <s@away.example>: Sender address triggers HOLD action"},
        {sender,
         "{s@ = HOLD look first}",
         {},
         "",
         "hold: <s@away.example>: Sender address look first"},
        {sender,
         "{s@ = DISCARD}",
         {},
         "",
         "discard: <s@away.example>: Sender address triggers DISCARD action"},
        {sender,
         "{s@ = DISCARD}",
         {.rcpt = "x@away.example"},
         "",
         "discard: <s@away.example>: Sender address triggers DISCARD action"},
        {sender,
         "{s@ = FILTER scan:[127.0.0.1]:10025}",
         {},
         "",
         "filter: <s@away.example>: Sender address triggers FILTER scan:[127.0.0.1]:10025"},
        {sender,
         "{s@ = REDIRECT o@here.example}",
         {},
         "",
         "redirect: <s@away.example>: Sender address triggers REDIRECT o@here.example"},
        {sender,
         "{s@ = BCC o@here.example}",
         {},
         "",
         "bcc: <s@away.example>: Sender address triggers BCC o@here.example"},
        {sender, "{s@ = FILTER scan}", {}, ""},
        {sender, "{s@ = FILTER}", {}, ""},
        {sender, "{s@ = REDIRECT nobody}", {}, ""},
        {sender, "{s@ = WARN hm}", {}, "", "warn: hm"},
        {sender, "{s@ = INFO hm}", {}, "", "info: hm"},
        {sender, "{s@ = PREPEND no header}", {}, ""},
        {sender, "{s@ = PREPEND : none}", {}, ""},
        {sender,
         "{s@ = PREPEND X-Seen: yes}",
         {},
         "",
         "prepend: <s@away.example>: Sender address X-Seen: yes"},
    });
}

TEST(AccessTable, GivesActionsTheirValues)
{
    PolicyFixture fixture("smtpd_sender_restrictions = check_sender_access inline:{ {s@ = "
                          "PREPEND X-Seen: yes} }\n");
    fixture.rcpt({});
    ASSERT_EQ(fixture.actions().size(), 1u);
    EXPECT_EQ(fixture.actions()[0].kind, smtp::ActionKind::Prepend);
    EXPECT_EQ(fixture.actions()[0].value, "X-Seen: yes");
}

TEST(AccessTable, MayNameRestrictions)
{
    check_rows({
        {client, "{example = reject_unauth_destination, permit}", {}, ""},
        {client,
         "{example = reject}",
         {},
         "554 5.7.1 <client.example[192.0.2.9]>: Client host rejected: Access denied"},
        {client,
         "{example = permit_mynetworks, reject}",
         {},
         "554 5.7.1 <client.example[192.0.2.9]>: Client host rejected: Access denied"},
        {"smtpd_restriction_classes = strict\nstrict = reject_non_fqdn_sender, permit\n"
         "smtpd_recipient_restrictions = check_recipient_access",
         "{joe@ = strict}",
         {.sender = "short"},
         "504 5.5.2 <short>: Sender address rejected: need fully-qualified address"},
        {client, "{example = no_such_thing}", {}, "451 4.3.5 Server configuration error"},
        {client, "{example = reject_rbl_client x}", {}, "451 4.3.5 Server configuration error"},
    });
}

TEST(AccessTable, ThatFailsIsNoPermission)
{
    PolicyFixture fixture("smtpd_client_restrictions = check_client_access lmdb:/nowhere/x\n");
    EXPECT_EQ(fixture.rcpt({}), "451 4.3.5 <client.example[192.0.2.9]>: Client host rejected: "
                                "Server configuration error");
}

TEST(AccessTable, OfReverseNamesNeverPermits)
{
    PolicyFixture fixture("smtpd_client_restrictions = check_reverse_client_hostname_access "
                          "static:OK\n");
    EXPECT_EQ(fixture.rcpt({}), "451 4.3.5 Server configuration error");
    PolicyFixture other("smtpd_client_restrictions = check_reverse_client_hostname_access "
                        "static:REJECT\n");
    EXPECT_EQ(other.rcpt({}), "554 5.7.1 <client.example>: Unverified Client host rejected: "
                              "Access denied");
}

TEST(AccessTable, GivesRoutedRecipientsNoPermission)
{
    PolicyFixture fixture("smtpd_relay_restrictions = check_recipient_access static:OK, "
                          "reject_unauth_destination\n");
    EXPECT_EQ(fixture.rcpt({.rcpt = "user%away.example@relay.example"}),
              "554 5.7.1 <user%away.example@relay.example>: Relay access denied");
    EXPECT_EQ(fixture.rcpt({.rcpt = "user@away.example"}), "");
}

} // namespace
} // namespace smtpd
