// SPDX-License-Identifier: Apache-2.0
// The SMTP and LMTP agent against servers on loopback.
#include "lib/delivery/smtp_agent.h"

#include "lib/delivery/connections.h"
#include "lib/delivery/content.h"
#include "lib/delivery/smtp_attempt.h"
#include "lib/delivery/transport.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

using ipc::delivery::Health;
using mail::Status;

TEST_F(SmtpAgentTest, DeliversToALiteralHostAndPort)
{
    ScriptServer server(loop, "127.0.0.1");
    auto delivered = deliver(request(at(server)));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
    EXPECT_EQ(delivered.outcomes[0].text, "250 2.0.0 Ok: queued as X");
    EXPECT_EQ(delivered.outcomes[0].relay, base::cat("127.0.0.1[127.0.0.1]:", server.port()));
    EXPECT_EQ(delivered.health, Health::Ok);
    ASSERT_EQ(server.messages.size(), 1u);
    EXPECT_EQ(server.messages[0], "Subject: x\n\nbody\n");
    EXPECT_EQ(resolver.questions, 0);
    EXPECT_TRUE(log.has("ABC123: to=<to0@example.com>, relay=127.0.0.1[127.0.0.1]:"));
    EXPECT_TRUE(log.has("dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as X)"));
}

TEST_F(SmtpAgentTest, SaysGoodbyeAfterALoneMessage)
{
    ScriptServer server(loop, "127.0.0.1");
    deliver(request(at(server)));
    turn([&] { return server.open == 0; });
    EXPECT_EQ(server.commands.back(), "QUIT");
}

TEST_F(SmtpAgentTest, KeepsConnectionsWhenThereIsMuchMail)
{
    ScriptServer server(loop, "127.0.0.1");
    for (int i = 0; i < 5; ++i)
        deliver(request(at(server)));
    EXPECT_EQ(server.messages.size(), 5u);
    EXPECT_EQ(server.connections, 2); // The first one could not know that more follows.
    EXPECT_TRUE(log.has("conn_use=4"));
}

TEST_F(SmtpAgentTest, ClosesAnIdleConnectionAfterItsTime)
{
    settings.keep.idle_limit = std::chrono::milliseconds(100);
    ScriptServer server(loop, "127.0.0.1");
    deliver(request(at(server)));
    deliver(request(at(server)));
    turn([&] { return server.open == 0; });
    EXPECT_EQ(server.commands.back(), "QUIT");
}

TEST_F(SmtpAgentTest, TakesANewConnectionWhenTheKeptOneIsGone)
{
    settings.keep.always = {};
    ScriptServer server(loop, "127.0.0.1");
    settings.keep.always.push_back(at(server));
    server.close_after_message = true;
    for (int i = 0; i < 3; ++i) {
        auto delivered = deliver(request(at(server)));
        EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
    }
    EXPECT_EQ(server.connections, 3);
}

TEST_F(SmtpAgentTest, ObservesTheCountLimitOfAConnection)
{
    settings.client.reuse_count_limit = 2;
    ScriptServer server(loop, "127.0.0.1");
    settings.keep.always.push_back(at(server));
    for (int i = 0; i < 4; ++i)
        deliver(request(at(server)));
    EXPECT_EQ(server.connections, 2);
}

TEST_F(SmtpAgentTest, DefersWhenTheConnectionIsRefused)
{
    std::uint16_t port = 0;
    {
        ScriptServer server(loop, "127.0.0.1");
        port = server.port();
    }
    auto delivered = deliver(request(base::cat("[127.0.0.1]:", port)));
    const std::string text =
        base::cat("connect to 127.0.0.1[127.0.0.1]:", port, ": Connection refused");
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[0].dsn, "4.4.1");
    EXPECT_EQ(delivered.outcomes[0].text, text);
    EXPECT_EQ(delivered.health, Health::Unreachable);
    EXPECT_EQ(delivered.reason, text);
    EXPECT_EQ(log.lines.front(), text);
    EXPECT_TRUE(log.has("relay=none"));
}

TEST_F(SmtpAgentTest, TriesTheNextHostForRecipientsThatAreLeft)
{
    ScriptServer first(loop, "127.0.0.1");
    const std::uint16_t port = first.port();
    auto listener = net::listen_inet(*net::Address::parse("127.0.0.2", port), 16);
    ASSERT_TRUE(listener);
    ScriptServer second(loop, std::move(*listener));
    resolver.mx("example.com", 10, "a.example.com");
    resolver.mx("example.com", 20, "b.example.com");
    resolver.address("a.example.com", "127.0.0.1");
    resolver.address("b.example.com", "127.0.0.2");
    first.answers["RCPT"] = {"250 ok", "451 4.7.1 later", "550 5.1.1 nobody"};
    auto delivered = deliver(request(base::cat("example.com:", port), 3));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
    EXPECT_EQ(delivered.outcomes[1].status, Status::Sent);
    EXPECT_EQ(delivered.outcomes[2].status, Status::Bounced);
    EXPECT_EQ(delivered.outcomes[0].mta, "a.example.com");
    EXPECT_EQ(delivered.outcomes[1].mta, "b.example.com");
    EXPECT_EQ(second.messages.size(), 1u);
    EXPECT_TRUE(log.has("ABC123: host a.example.com[127.0.0.1] said: 451 4.7.1 later (in reply to "
                        "RCPT TO command)"));
}

TEST_F(SmtpAgentTest, DefersWithTheLastWordsOfTheOnlyHost)
{
    ScriptServer server(loop, "127.0.0.1");
    server.answers["RCPT"] = {"451 4.7.1 later"};
    auto delivered = deliver(request(at(server)));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[0].dsn, "4.7.1");
    EXPECT_EQ(delivered.health, Health::Ok);
    ASSERT_EQ(log.lines.size(), 1u);
    EXPECT_NE(log.lines[0].find("said: 451 4.7.1 later"), std::string::npos);
}

TEST_F(SmtpAgentTest, CallsADestinationUnreachableThatRefusesToTalk)
{
    ScriptServer server(loop, "127.0.0.1");
    server.answers["greeting"] = {"554 go away"};
    auto delivered = deliver(request(at(server)));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.health, Health::Unreachable);
    EXPECT_NE(delivered.reason.find("refused to talk to me: 554 go away"), std::string::npos);
}

TEST_F(SmtpAgentTest, ObservesTheSessionLimit)
{
    ScriptServer first(loop, "127.0.0.1");
    auto listener = net::listen_inet(*net::Address::parse("127.0.0.2", first.port()), 16);
    ScriptServer second(loop, std::move(*listener));
    settings.session_limit = 1;
    resolver.address("a.example.com", "127.0.0.1");
    resolver.address("a.example.com", "127.0.0.2");
    first.answers["MAIL"] = {"451 no"};
    second.answers["MAIL"] = {"451 no"};
    deliver(request(base::cat("a.example.com:", first.port())));
    EXPECT_EQ(first.connections + second.connections, 1);
}

TEST_F(SmtpAgentTest, GoesToTheFallbackRelayWhenThereIsNoHost)
{
    ScriptServer server(loop, "127.0.0.1");
    settings.fallback_relays = {at(server)};
    auto delivered = deliver(request("nowhere.example"));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
}

TEST_F(SmtpAgentTest, KeepsTheDoubtOfOneDestinationWhenAnotherDoesNotExist)
{
    std::uint16_t port = 0;
    {
        ScriptServer server(loop, "127.0.0.1");
        port = server.port();
    }
    auto delivered = deliver(request(base::cat("[127.0.0.1]:", port, ",nowhere.example")));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[0].dsn, "4.4.1");
    auto other = deliver(request("nowhere.example,elsewhere.example"));
    EXPECT_EQ(other.outcomes[0].status, Status::Bounced);
    EXPECT_EQ(other.outcomes[0].dsn, "5.4.4");
}

TEST_F(SmtpAgentTest, TakesOurNameAtAnotherPortForNoLoop)
{
    ScriptServer server(loop, "127.0.0.1");
    server.answers["EHLO"] = {"250 me.example"};
    EXPECT_EQ(deliver(request(at(server))).outcomes[0].status, Status::Sent);
    EXPECT_EQ(log.lines.size(), 1u);
}

TEST_F(SmtpAgentTest, DefersWhenAFallbackRelayDoesNotExist)
{
    settings.fallback_relays = {"[relay.example]"};
    auto delivered = deliver(request("nowhere.example"));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[0].dsn, "4.3.5");
}

TEST_F(SmtpAgentTest, DefersWhenTheRelayhostDoesNotExist)
{
    settings.relayhost = "[relay.example]";
    auto delivered = deliver(request("[relay.example]"));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[0].dsn, "4.3.5");
    EXPECT_TRUE(log.has("warning: relayhost configuration problem"));
}

TEST_F(SmtpAgentTest, SendsLargeContentUnchanged)
{
    std::string content = "Subject: large\r\n\r\n";
    while (content.size() < 300'000)
        content += "0123456789012345678901234567890123456789\r\n";
    ScriptServer server(loop, "127.0.0.1");
    auto delivered = deliver(request(at(server), 1, content));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
    ASSERT_EQ(server.messages.size(), 1u);
    std::erase(content, '\r');
    EXPECT_EQ(server.messages[0], content);
}

TEST_F(SmtpAgentTest, ProbesWithoutDelivering)
{
    ScriptServer server(loop, "127.0.0.1");
    auto what = request(at(server));
    what.trace = true;
    auto delivered = deliver(std::move(what));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
    EXPECT_TRUE(server.messages.empty());
    EXPECT_TRUE(log.has("status=deliverable"));
}

TEST_F(SmtpAgentTest, DeliversByLmtpOverAUnixSocketWithAReplyPerRecipient)
{
    const std::string path = base::cat("/tmp/posthouse-lmtp-", ::getpid());
    auto listener = net::listen_unix(path, 5, 0600);
    ASSERT_TRUE(listener);
    ScriptServer server(loop, std::move(*listener));
    server.lmtp = true;
    server.answers["."] = {"250 2.0.0 <to0> Saved", "452 4.2.2 full"};
    settings.lmtp = true;
    settings.lookup.use_mx = false;
    settings.client.dialect = smtp::Dialect::Lmtp;
    auto delivered = deliver(request("unix:" + path, 2));
    EXPECT_EQ(delivered.outcomes[0].status, Status::Sent);
    EXPECT_EQ(delivered.outcomes[0].relay, "me.example[" + path + "]");
    EXPECT_EQ(delivered.outcomes[1].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[1].dsn, "4.2.2");
    EXPECT_EQ(server.commands.front(), "LHLO me.example");
    ::unlink(path.c_str());
}

} // namespace
} // namespace delivery::test
