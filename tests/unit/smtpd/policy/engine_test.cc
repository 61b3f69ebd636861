// SPDX-License-Identifier: Apache-2.0
// What single restrictions answer, word for word.
#include <gtest/gtest.h>

#include "tests/unit/smtpd/policy_fixture.h"

namespace smtpd {
namespace {

struct Row {
    std::string_view config;
    Asked asked;
    std::string_view reply;
    std::string_view log = {};
};

void check_rows(const std::vector<Row>& rows)
{
    for (const Row& row : rows) {
        PolicyFixture fixture(row.config);
        fixture.world().names = {{"away.example", Existence::Found},
                                 {"helo.example", Existence::Found},
                                 {"slow.example", Existence::TryAgain},
                                 {"null.example", Existence::NullMx}};
        EXPECT_FALSE(config::has_errors(fixture.faults())) << row.config;
        EXPECT_EQ(fixture.rcpt(row.asked), row.reply) << row.config << " " << row.asked.rcpt;
        EXPECT_EQ(fixture.log(), row.log) << row.config;
    }
}

const std::string inside = "mine.example[192.0.2.130]";

// ADDR-01: nobody outside relays, however the address is written.
TEST(Relaying, IsForOwnNetworksAndOwnDomainsOnly)
{
    std::vector<Row> rows = {
        {"", {}, ""},
        {"", {.rcpt = "x@away.example"}, "554 5.7.1 <x@away.example>: Relay access denied"},
        {"", {.client = inside, .rcpt = "x@away.example"}, ""},
        {"", {.client = "v6.example[2001:db8::7]", .rcpt = "x@away.example"}, ""},
        {"",
         {.client = "v6.example[2001:db8:1::7]", .rcpt = "x@away.example"},
         "554 5.7.1 <x@away.example>: Relay access denied"},
        {"", {.rcpt = "any@relay.example"}, ""},
        {"",
         {.rcpt = "any@sub.relay.example"},
         "550 5.1.1 <any@sub.relay.example>: Recipient "
         "address rejected: User unknown in relay "
         "recipient table"},
        {"relay_domains_reject_code = 550\n",
         {.rcpt = "x@away.example"},
         "550 5.7.1 <x@away.example>: Relay access denied"},
        {"smtpd_relay_restrictions = permit_mynetworks, defer_unauth_destination\n",
         {.rcpt = "x@away.example"},
         "454 4.7.1 <x@away.example>: Relay access denied"},
        {"soft_bounce = yes\n",
         {.rcpt = "x@away.example"},
         "454 4.7.1 <x@away.example>: Relay access denied"},
        {"smtpd_relay_restrictions = permit_auth_destination, reject\n", {}, ""},
        {"smtpd_relay_restrictions = permit_auth_destination, reject\n",
         {.rcpt = "x@away.example"},
         "554 5.7.1 <x@away.example>: Recipient address rejected: Access denied"},
        {"smtpd_relay_restrictions = permit_sasl_authenticated, permit_tls_clientcerts, "
         "reject_unauth_destination\n",
         {.client = inside, .rcpt = "x@away.example"},
         "554 5.7.1 <x@away.example>: Relay access denied"},
    };
    check_rows(rows);
}

TEST(Relaying, IsNotWonByTheWayAnAddressIsWritten)
{
    for (std::string_view rcpt :
         {"user%away.example@here.example", "user%away.example", "away.example!user@here.example",
          "away.example!user", "user@away.example@here.example", "user@here.example@away.example",
          "user@[192.0.2.55]", "user%away.example@[127.0.0.1]",
          "user%away.example%here.example@here.example", "a!b!user%away.example@here.example",
          "user@away.example%here.example@here.example", "user%away.example@relay.example",
          "user@away.example@relay.example", "away.example!user@relay.example",
          "user%away.example@alias.example", "user%away.example@box.example"}) {
        PolicyFixture fixture("");
        std::string reply = fixture.rcpt({.rcpt = std::string(rcpt)});
        EXPECT_EQ(reply, base::cat("554 5.7.1 <", rcpt, ">: Relay access denied"));
    }
}

TEST(Relaying, RoutesThroughOwnDomainsAreForThoseWhoTrustThem)
{
    PolicyFixture fixture("allow_untrusted_routing = yes\nrelay_recipient_maps =\n");
    EXPECT_EQ(fixture.rcpt({.rcpt = "user%away.example@relay.example"}), "");
}

TEST(Relaying, TakesPostmasterWithoutADomain)
{
    PolicyFixture fixture("smtpd_client_restrictions = reject\n");
    EXPECT_EQ(fixture.rcpt({.rcpt = "postmaster"}), "");
    EXPECT_EQ(fixture.rcpt({.rcpt = "PostMaster"}), "");
    EXPECT_NE(fixture.rcpt({.rcpt = "postmaster@here.example"}), "");
}

// BSC-01: who does not exist is refused before there is anything to bounce.
TEST(Recipients, ThatDoNotExistAreRefused)
{
    std::string_view unlisted = "smtpd_reject_unlisted_recipient = no\n";
    std::vector<Row> rows = {
        {"",
         {.rcpt = "none@here.example"},
         "550 5.1.1 <none@here.example>: Recipient address rejected: User unknown in local "
         "recipient table"},
        {"unknown_local_recipient_reject_code = 450\n",
         {.rcpt = "none@here.example"},
         "450 4.1.1 <none@here.example>: Recipient address rejected: User unknown in local "
         "recipient table"},
        {"show_user_unknown_table_name = no\n",
         {.rcpt = "none@here.example"},
         "550 5.1.1 <none@here.example>: Recipient address rejected: User unknown"},
        {"",
         {.rcpt = "none@alias.example"},
         "550 5.1.1 <none@alias.example>: Recipient address rejected: User unknown in virtual "
         "alias table"},
        {"", {.rcpt = "list@alias.example"}, ""},
        {"",
         {.rcpt = "none@box.example"},
         "550 5.1.1 <none@box.example>: Recipient address rejected: User unknown in virtual "
         "mailbox table"},
        {"", {.rcpt = "anna@box.example"}, ""},
        {"", {.rcpt = "ok@mapped.example"}, ""},
        {"",
         {.rcpt = "none@mapped.example"},
         "550 5.1.1 <none@mapped.example>: Recipient address rejected: User unknown in relay "
         "recipient table"},
        {"relay_recipient_maps =\n", {.rcpt = "none@mapped.example"}, ""},
        {"local_recipient_maps =\n", {.rcpt = "none@here.example"}, ""},
        {unlisted, {.rcpt = "none@here.example"}, ""},
        {"smtpd_reject_unlisted_recipient = no\nsmtpd_recipient_restrictions = "
         "reject_unlisted_recipient\n",
         {.rcpt = "none@here.example"},
         "550 5.1.1 <none@here.example>: Recipient address rejected: User unknown in local "
         "recipient table"},
        {"",
         {.client = inside, .rcpt = "none@here.example"},
         "550 5.1.1 <none@here.example>: Recipient address rejected: User unknown in local "
         "recipient table"},
        {"smtpd_sender_restrictions = reject_unlisted_sender\n",
         {.sender = "none@here.example"},
         "550 5.1.0 <none@here.example>: Sender address rejected: User unknown in local "
         "recipient table"},
        {"smtpd_reject_unlisted_sender = yes\n",
         {.sender = "none@box.example"},
         "550 5.1.0 <none@box.example>: Sender address rejected: User unknown in virtual mailbox "
         "table"},
        {"smtpd_reject_unlisted_sender = yes\n", {.sender = "joe@here.example"}, ""},
        {"smtpd_reject_unlisted_sender = yes\n", {.sender = ""}, ""},
        {"transport_maps = inline:{ {joe@here.example = error:5.2.1 on leave} }\n",
         {},
         "550 5.2.1 <joe@here.example>: Recipient address rejected: on leave"},
        {"transport_maps = inline:{ {joe@here.example = retry:4.2.1 on leave} }\n",
         {},
         "450 4.2.1 <joe@here.example>: Recipient address rejected: on leave"},
        {"relocated_maps = inline:{ {joe@here.example = joe@there.example} }\n",
         {},
         "550 5.1.6 <joe@here.example>: Recipient address rejected: User has moved to "
         "joe@there.example"},
        {"local_recipient_maps = lmdb:/nowhere/at/all\n",
         {},
         "451 4.3.0 <joe@here.example>: Temporary lookup failure"},
    };
    check_rows(rows);
}

TEST(Clients, AreAskedForTheirNames)
{
    struct NameRow {
        std::string_view rule;
        ClientNames names;
        std::string_view reply;
    };
    constexpr auto ok = NameStatus::Ok;
    constexpr auto none = NameStatus::NotFound;
    constexpr auto later = NameStatus::TryAgain;
    constexpr std::string_view no_name =
        " Client host rejected: cannot find your hostname, [192.0.2.9]";
    constexpr std::string_view no_reverse =
        " Client host rejected: cannot find your reverse hostname, [192.0.2.9]";
    for (const NameRow& row :
         {NameRow{"reject_unknown_client_hostname", {ok, ok}, ""},
          NameRow{"reject_unknown_client_hostname", {none, ok}, no_name},
          NameRow{"reject_unknown_client_hostname", {later, ok}, no_name},
          NameRow{"reject_unknown_client", {none, none}, no_name},
          NameRow{"reject_unknown_reverse_client_hostname", {none, ok}, ""},
          NameRow{"reject_unknown_reverse_client_hostname", {none, none}, no_reverse}}) {
        PolicyFixture fixture(base::cat("smtpd_client_restrictions = ", row.rule,
                                        "\nunknown_client_reject_code = 550\n"));
        bool for_good = row.names.forward == none;
        std::string want;
        if (!row.reply.empty())
            want = base::cat(for_good ? "550 5.7.25" : "450 4.7.25", row.reply);
        EXPECT_EQ(fixture.rcpt({}, row.names), want) << row.rule;
    }
}

TEST(Clients, ArePermittedOrRefused)
{
    std::vector<Row> rows = {
        {"smtpd_client_restrictions = permit_mynetworks, reject\n", {.client = inside}, ""},
        {"smtpd_client_restrictions = permit_mynetworks, reject\n",
         {},
         "554 5.7.1 <client.example[192.0.2.9]>: Client host rejected: Access denied"},
        {"smtpd_client_restrictions = permit_inet_interfaces, reject\n",
         {.client = "localhost[127.0.0.1]"},
         ""},
        {"smtpd_client_restrictions = permit_inet_interfaces, reject\n",
         {.client = inside},
         "554 5.7.1 <mine.example[192.0.2.130]>: Client host rejected: Access denied"},
        {"smtpd_client_restrictions = defer\n",
         {},
         "450 4.3.2 <client.example[192.0.2.9]>: Client host rejected: Try again later"},
        {"smtpd_client_restrictions = permit\nsmtpd_helo_restrictions = reject\n",
         {},
         "554 5.7.1 <helo.example>: Helo command rejected: Access denied"},
        {"reject_code = 521\nsmtpd_client_restrictions = reject\n",
         {},
         "521 5.7.1 <client.example[192.0.2.9]>: Client host rejected: Access denied"},
        {"smtpd_client_restrictions = reject_plaintext_session\n",
         {},
         "450 4.7.1 <client.example[192.0.2.9]>: Client host rejected: Session encryption is "
         "required"},
        {"smtpd_client_restrictions = REJECT\n",
         {},
         "554 5.7.1 <client.example[192.0.2.9]>: Client host rejected: Access denied"},
    };
    check_rows(rows);
}

TEST(Helo, NamesAreChecked)
{
    std::string_view invalid = "smtpd_helo_restrictions = reject_invalid_helo_hostname\n";
    std::string_view full = "smtpd_helo_restrictions = reject_non_fqdn_helo_hostname\n";
    std::string_view known = "smtpd_helo_restrictions = reject_unknown_helo_hostname\n";
    std::vector<Row> rows = {
        {invalid, {}, ""},
        {invalid, {.helo = "a.example."}, ""},
        {invalid, {.helo = "192.0.2.1"}, ""},
        {invalid, {.helo = "[192.0.2.1]"}, ""},
        {invalid, {.helo = "[IPv6:2001:db8::1]"}, ""},
        {invalid, {.helo = "under_score"}, ""},
        {invalid, {.helo = ""}, ""},
        {invalid, {.helo = "a..b"}, "501 5.5.2 <a..b>: Helo command rejected: Invalid name"},
        {invalid, {.helo = "-a.b"}, "501 5.5.2 <-a.b>: Helo command rejected: Invalid name"},
        {invalid, {.helo = "a(b)"}, "501 5.5.2 <a(b)>: Helo command rejected: Invalid name"},
        {invalid,
         {.helo = "[999.1.1.1]"},
         "501 5.5.2 <[999.1.1.1]>: Helo command rejected: invalid ip address"},
        {invalid,
         {.helo = "[1.2.3.4"},
         "501 5.5.2 <[1.2.3.4>: Helo command rejected: invalid ip address"},
        {"smtpd_helo_restrictions = reject_invalid_hostname\ninvalid_hostname_reject_code = 554\n",
         {.helo = "a..b"},
         "554 5.5.2 <a..b>: Helo command rejected: Invalid name"},
        {full, {}, ""},
        {full,
         {.helo = "pc"},
         "504 5.5.2 <pc>: Helo command rejected: need fully-qualified hostname"},
        {full,
         {.helo = "192.0.2.1"},
         "504 5.5.2 <192.0.2.1>: Helo command rejected: need fully-qualified hostname"},
        {full, {.helo = "[192.0.2.1]"}, ""},
        {"smtpd_helo_restrictions = reject_non_fqdn_hostname\n",
         {.helo = "pc."},
         "504 5.5.2 <pc.>: Helo command rejected: need fully-qualified hostname"},
        {known, {}, ""},
        {known,
         {.helo = "gone.example"},
         "450 4.7.1 <gone.example>: Helo command rejected: Host not found"},
        {"unknown_hostname_reject_code = 550\nsmtpd_helo_restrictions = reject_unknown_hostname\n",
         {.helo = "gone.example"},
         "550 5.7.1 <gone.example>: Helo command rejected: Host not found"},
        {known,
         {.helo = "slow.example"},
         "450 4.7.1 <slow.example>: Helo command rejected: Host not found"},
    };
    check_rows(rows);
}

TEST(Addresses, NeedADomainThatExists)
{
    std::string_view full_sender = "smtpd_sender_restrictions = reject_non_fqdn_sender\n";
    std::string_view full_rcpt =
        "smtpd_recipient_restrictions = reject_non_fqdn_recipient\nlocal_recipient_maps =\n";
    std::string_view domain = "smtpd_sender_restrictions = reject_unknown_sender_domain\n";
    std::string_view rcpt_domain =
        "smtpd_recipient_restrictions = reject_unknown_recipient_domain\n";
    std::vector<Row> rows = {
        {full_sender, {}, ""},
        {full_sender, {.sender = ""}, ""},
        {full_sender,
         {.sender = "user"},
         "504 5.5.2 <user>: Sender address rejected: need fully-qualified address"},
        {full_sender,
         {.sender = "user@pc"},
         "504 5.5.2 <user@pc>: Sender address rejected: need fully-qualified address"},
        {full_sender, {.sender = "user@[192.0.2.1]"}, ""},
        {full_rcpt,
         {.rcpt = "user"},
         "504 5.5.2 <user>: Recipient address rejected: need fully-qualified address"},
        {full_rcpt,
         {.client = inside, .rcpt = "user@pc"},
         "504 5.5.2 <user@pc>: Recipient address rejected: need fully-qualified address"},
        {"non_fqdn_reject_code = 550\nsmtpd_sender_restrictions = reject_non_fqdn_sender\n",
         {.sender = "user"},
         "550 5.5.2 <user>: Sender address rejected: need fully-qualified address"},
        {domain, {}, ""},
        {domain, {.sender = ""}, ""},
        {domain, {.sender = "joe@here.example"}, ""},
        {domain, {.sender = "x@[192.0.2.1]"}, ""},
        {domain,
         {.sender = "x@gone.example"},
         "450 4.1.8 <x@gone.example>: Sender address rejected: Domain not found"},
        {"unknown_address_reject_code = 550\nsmtpd_sender_restrictions = "
         "reject_unknown_sender_domain\n",
         {.sender = "x@gone.example"},
         "550 5.1.8 <x@gone.example>: Sender address rejected: Domain not found"},
        {domain,
         {.sender = "x@null.example"},
         "550 5.7.27 <x@null.example>: Sender address rejected: Domain null.example does not "
         "accept mail (nullMX)"},
        {domain,
         {.sender = "x@slow.example"},
         "450 4.1.8 <x@slow.example>: Sender address rejected: Domain not found"},
        {rcpt_domain,
         {.client = inside, .rcpt = "x@gone.example"},
         "450 4.1.2 <x@gone.example>: Recipient address rejected: Domain not found"},
        {rcpt_domain,
         {.client = inside, .rcpt = "x@null.example"},
         "556 5.1.10 <x@null.example>: Recipient address rejected: Domain null.example does not "
         "accept mail (nullMX)"},
        {rcpt_domain, {.client = inside, .rcpt = "x@away.example"}, ""},
        {rcpt_domain, {}, ""},
    };
    check_rows(rows);
}

TEST(Bounces, HaveOneRecipient)
{
    PolicyFixture fixture("smtpd_recipient_restrictions = reject_multi_recipient_bounce\n");
    fixture.recipient_count = 1;
    EXPECT_EQ(fixture.rcpt({.sender = ""}),
              "550 5.5.3 <joe@here.example>: Recipient address rejected: Multi-recipient bounce");
    EXPECT_EQ(fixture.rcpt({}), "");
    fixture.recipient_count = 0;
    EXPECT_EQ(fixture.rcpt({.sender = ""}), "");
}

TEST(Pipelining, OutOfTurnIsRefused)
{
    PolicyFixture fixture("smtpd_client_restrictions = reject_unauth_pipelining\n");
    EXPECT_EQ(fixture.rcpt({}), "");
    fixture.pipelined = true;
    EXPECT_EQ(fixture.rcpt({}), "503 5.5.0 <client.example[192.0.2.9]>: Client host rejected: "
                                "Improper use of SMTP command pipelining");
}

TEST(Sleeping, TakesItsTime)
{
    PolicyFixture fixture("smtpd_client_restrictions = sleep 3\n");
    EXPECT_EQ(fixture.rcpt({}), "");
    EXPECT_EQ(fixture.world().waited, std::chrono::seconds(3));
}

// The most frequent decision asks no DNS.
TEST(Defaults, AskNoDns)
{
    PolicyFixture fixture("");
    EXPECT_EQ(fixture.rcpt({.client = inside, .rcpt = "x@away.example"}), "");
    EXPECT_EQ(fixture.world().asked, 0);
}

} // namespace
} // namespace smtpd
