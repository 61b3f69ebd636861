// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/received.h"

#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

#include "lib/mail/date.h"
#include "lib/mail/message_id.h"

namespace mail {

namespace {

constexpr long long moment = 1'795'302'000; // Sat, 21 Nov 2026 23:00:00 +0000

// The zone of the process while this lives.
class Zone {
public:
    explicit Zone(const char* name)
    {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone()
    {
        ::unsetenv("TZ");
        ::tzset();
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;
};

Client client()
{
    return {"mail.example.com", "mail.example.com", "192.0.2.1", 25, "helo.example.com", "ESMTP"};
}

ReceivedInfo info(const Client& client)
{
    return {client, "mx.example.org", "Posthouse", "1E240ABC", base::from_unix_seconds(moment)};
}

} // namespace

TEST(HeaderDate, IsWrittenAsPostfixDoes)
{
    struct Case {
        const char* zone;
        long long when;
        const char* want;
    };
    static constexpr Case cases[] = {
        {"UTC0", moment, "Sat, 21 Nov 2026 23:00:00 +0000 (UTC)"},
        {"UTC0", 1'793'491'200, "Sun,  1 Nov 2026 00:00:00 +0000 (UTC)"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", moment, "Sun, 22 Nov 2026 00:00:00 +0100 (CET)"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1'782'900'000, "Wed,  1 Jul 2026 12:00:00 +0200 (CEST)"},
        {"NST3:30", moment, "Sat, 21 Nov 2026 19:30:00 -0330 (NST)"},
        {"UTC0", 0, "Thu,  1 Jan 1970 00:00:00 +0000 (UTC)"},
    };
    for (const Case& test : cases) {
        const Zone zone{test.zone};
        EXPECT_EQ(header_date(base::from_unix_seconds(test.when)), test.want) << test.zone;
    }
}

TEST(MessageId, HasTheTimeUnlessTheQueueIdHasIt)
{
    const Zone zone{"CET-1"};
    const auto when = base::from_unix_seconds(moment);
    EXPECT_EQ(make_message_id(when, "1E240ABC", "mx.example.org"),
              "<20261121230000.1E240ABC@mx.example.org>");
    EXPECT_EQ(make_message_id(when, "4D4Zhq0GXRz2Kt0", "mx.example.org"),
              "<4D4Zhq0GXRz2Kt0@mx.example.org>");
}

TEST(Received, NamesTheOnlyRecipient)
{
    const Zone zone{"UTC0"};
    const Client from = client();
    ReceivedInfo shown = info(from);
    shown.recipient = "rcpt@example.org";
    EXPECT_EQ(received_header(shown),
              "Received: from helo.example.com (mail.example.com [192.0.2.1])\r\n"
              "\tby mx.example.org (Posthouse) with ESMTP id 1E240ABC\r\n"
              "\tfor <rcpt@example.org>; Sat, 21 Nov 2026 23:00:00 +0000 (UTC)\r\n");
}

TEST(Received, NamesNoneOfSeveralRecipients)
{
    const Zone zone{"UTC0"};
    const Client from = client();
    EXPECT_EQ(received_header(info(from)),
              "Received: from helo.example.com (mail.example.com [192.0.2.1])\r\n"
              "\tby mx.example.org (Posthouse) with ESMTP id 1E240ABC;\r\n"
              "\tSat, 21 Nov 2026 23:00:00 +0000 (UTC)\r\n");
}

TEST(Received, ShowsTlsAndLogin)
{
    const Zone zone{"UTC0"};
    Client from = client();
    from.address = "2001:db8::1";
    ReceivedTls tls;
    tls.protocol = "TLSv1.3";
    tls.cipher = "TLS_AES_256_GCM_SHA384";
    tls.cipher_bits = tls.cipher_strength = 256;
    tls.key_exchange = "X25519";
    tls.server_signature = "RSA-PSS (2048 bits)";
    tls.server_digest = "SHA256";
    ReceivedInfo shown = info(from);
    shown.recipient = "r@example.org";
    shown.login = "user";
    shown.authenticated = true;
    shown.tls = &tls;
    shown.show_tls = true;
    const std::string tail = "\t(Authenticated sender: user)\r\n"
                             "\tby mx.example.org (Posthouse) with ESMTPSA id 1E240ABC\r\n"
                             "\tfor <r@example.org>; Sat, 21 Nov 2026 23:00:00 +0000 (UTC)\r\n";
    const std::string head =
        "Received: from helo.example.com (mail.example.com [IPv6:2001:db8::1])\r\n";
    const std::string cipher = "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)";
    EXPECT_EQ(received_header(shown),
              head + cipher +
                  "\r\n\t key-exchange X25519 server-signature RSA-PSS (2048 bits) "
                  "server-digest SHA256)\r\n\t(No client certificate requested)\r\n" +
                  tail);
    tls.key_exchange.clear();
    tls.server_signature.clear();
    tls.peer = ReceivedTls::Peer::Certificate;
    tls.client_name = "c";
    tls.client_issuer = "i";
    EXPECT_EQ(received_header(shown),
              head + cipher + ")\r\n\t(Client CN \"c\", Issuer \"i\" (not verified))\r\n" + tail);
    shown.show_tls = false;
    EXPECT_EQ(received_header(shown), head + tail);
}

TEST(Received, NamesTheProtocolByTheRfcs)
{
    struct Case {
        const char* protocol;
        bool smtputf8, tls, login;
        const char* want;
    };
    static constexpr Case cases[] = {
        {"SMTP", false, false, false, " with SMTP id "},
        {"ESMTP", false, true, false, " with ESMTPS id "},
        {"ESMTP", false, false, true, " with ESMTPA id "},
        {"ESMTP", true, true, true, " with UTF8SMTPSA id "},
    };
    for (const Case& test : cases) {
        Client from = client();
        from.protocol = test.protocol;
        const ReceivedTls tls;
        ReceivedInfo shown = info(from);
        shown.smtputf8 = test.smtputf8;
        shown.tls = test.tls ? &tls : nullptr;
        shown.authenticated = test.login;
        EXPECT_NE(received_header(shown).find(test.want), std::string::npos) << test.want;
    }
}

TEST(Received, LetsNoClientAddALine)
{
    Client from = client();
    from.helo = "a\r\nSubject: forged\r\n\r\nb\x7f";
    const std::string header = received_header(info(from));
    EXPECT_TRUE(header.starts_with("Received: from a??Subject: forged????b? (mail"));
}

TEST(Received, OfLocalMailNamesTheUser)
{
    const Zone zone{"UTC0"};
    EXPECT_EQ(received_header(LocalReceivedInfo{"mx.example.org", "Posthouse", "1E240ABC",
                                                base::from_unix_seconds(moment), 1000}),
              "Received: by mx.example.org (Posthouse, from userid 1000)\r\n"
              "\tid 1E240ABC; Sat, 21 Nov 2026 23:00:00 +0000 (UTC)\r\n");
}

} // namespace mail
