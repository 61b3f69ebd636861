// SPDX-License-Identifier: Apache-2.0
// The beginning of a conversation: greeting, EHLO, HELO, LHLO; hostile and broken servers.
#include <gtest/gtest.h>

#include "lib/base/task.h"
#include "lib/smtp/client_session.h"
#include "tests/unit/smtp/client_script.h"

using mail::Status;
using smtp::test::Conversation;
using namespace std::string_literals;

namespace {

using Change = void (*)(Conversation&);
void nothing(Conversation&) {}

struct Case {
    std::string name;
    std::string script;
    Change change;
    std::string text; // Of the failure; empty: the server may be used.
    std::string dsn;
    bool next_host = true;
};

const std::string refused = "host mx.example[192.0.2.1] refused to talk to me: ";
const std::string hello = "C: EHLO me.example\n";
const std::string protocol_error = "protocol error: unexpected server message from "
                                   "mx.example[192.0.2.1] while ";

std::string repeat(const std::string& text, std::size_t count)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

const std::vector<Case> cases = {
    {"EHLO", "S: 220 mx\n" + hello + "S: 250 mx\n", nothing, "", ""},
    {"multi-line greeting", "S: 220-mx\nS: 220 ESMTP\n" + hello + "S: 250 mx\n", nothing, "", ""},
    {"HELO after EHLO is refused",
     "S: 220 mx\n" + hello + "S: 502 what\nC: HELO me.example\nS: 250 mx\n", nothing, "", ""},
    {"no EHLO without ESMTP", "S: 220 mx SMTP\nC: HELO me.example\nS: 250 mx\n",
     [](Conversation& t) { t.settings.always_send_ehlo = false; }, "", ""},
    {"EHLO with ESMTP", "S: 220 mx esmtp\n" + hello + "S: 250 mx\n",
     [](Conversation& t) { t.settings.always_send_ehlo = false; }, "", ""},
    {"never EHLO", "S: 220 mx ESMTP\nC: HELO me.example\nS: 250 mx\n",
     [](Conversation& t) { t.settings.never_send_ehlo = true; }, "", ""},
    {"LHLO", "S: 220 mx\nC: LHLO me.example\nS: 250 mx\n",
     [](Conversation& t) { t.settings.dialect = smtp::Dialect::Lmtp; }, "", ""},
    {"LHLO refused", "S: 220 mx\nC: LHLO me.example\nS: 500 5.5.1 no\n",
     [](Conversation& t) { t.settings.dialect = smtp::Dialect::Lmtp; }, refused + "500 5.5.1 no",
     "5.5.1", false},
    {"421 to EHLO", "S: 220 mx\n" + hello + "S: 421 4.3.2 bye\n", nothing,
     refused + "421 4.3.2 bye", "4.3.2"},
    {"HELO refused", "S: 220 mx\n" + hello + "S: 500 x\nC: HELO me.example\nS: 550 5.7.1 go\n",
     nothing, refused + "550 5.7.1 go", "5.7.1", false},
    {"5xx greeting is temporary", "S: 554 5.7.1 blocked\n", nothing, refused + "554 5.7.1 blocked",
     "4.7.1"},
    {"5xx greeting is final", "S: 554-5.7.1 one\nS: 554 5.7.1 two\n",
     [](Conversation& t) { t.settings.skip_5xx_greeting = false; },
     refused + "554-5.7.1 one 554 5.7.1 two", "5.7.1", false},
    {"4xx greeting", "S: 450 busy\n", nothing, refused + "450 busy", "4.0.0"},
    {"closed at once", "close\n", nothing,
     "lost connection with mx.example[192.0.2.1] while receiving the initial server greeting",
     "4.4.2"},
    {"silent", "timeout\n", nothing,
     "conversation with mx.example[192.0.2.1] timed out while receiving the initial server "
     "greeting",
     "4.4.2"},
    {"closed at EHLO", "S: 220 mx\n" + hello + "close\n", nothing,
     "lost connection with mx.example[192.0.2.1] while performing the EHLO handshake", "4.4.2"},
    {"closed in the middle of a reply", "S: 220 mx\n" + hello + "S: 250-mx\nS+ 250 SI\nclose\n",
     nothing, "lost connection with mx.example[192.0.2.1] while performing the EHLO handshake",
     "4.4.2"},
    {"we talk to ourselves", "S: 220 mx\n" + hello + "S: 250 ME.example\n",
     [](Conversation& t) { t.remote.best_mx = true; }, "mail for example.org loops back to myself",
     "5.4.6", false},
    {"our name, but others are better", "S: 220 mx\n" + hello + "S: 250 me.example\n", nothing, "",
     ""},
    {"an SSH server", "S: SSH-2.0-OpenSSH\ntimeout\n", nothing,
     "conversation with mx.example[192.0.2.1] timed out while receiving the initial server "
     "greeting",
     "4.4.2"},
    {"nonsense without end", repeat("S: nonsense\n", 100), nothing,
     protocol_error + "receiving the initial server greeting", "4.5.0"},
    {"250- without end",
     "S: 220 mx\n" + hello + repeat("S: 250-X" + std::string(990, 'x') + "\n", 400), nothing,
     protocol_error + "performing the EHLO handshake", "4.5.0"},
    {"a reply line without end", "S: 220 " + std::string(400000, 'x') + "\n", nothing,
     protocol_error + "receiving the initial server greeting", "4.5.0"},
    {"a long reply line", "S: 220 " + std::string(100000, 'x') + "\n" + hello + "S: 250 mx\n",
     nothing, "", ""},
};

base::Task<void> run_tls(smtp::ClientSession& session, std::optional<smtp::Attempt>& result)
{
    result = co_await session.start_tls();
}

} // namespace

TEST(ClientOpen, DecidesWhetherTheServerIsOfUse)
{
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        Conversation talk(c.script);
        c.change(talk);
        const auto failure = talk.open();
        if (c.text.empty()) {
            EXPECT_FALSE(failure) << failure->outcome.text;
            EXPECT_EQ(talk.server.complaint(), "");
            continue;
        }
        ASSERT_TRUE(failure);
        EXPECT_EQ(failure->outcome.text, c.text);
        EXPECT_EQ(failure->outcome.dsn, c.dsn);
        EXPECT_EQ(failure->next_host, c.next_host);
        EXPECT_EQ(failure->outcome.status, c.dsn[0] == '4' ? Status::Deferred : Status::Bounced);
    }
}

TEST(ClientOpen, TakesLeaveOfAServerThatRefuses)
{
    for (const std::string& script :
         {"S: 554 no\nC: QUIT\n"s, "S: 220 mx\n" + hello + "S: 250 me.example\nC: QUIT\n",
          "S: 421 bye\n"s}) {
        Conversation talk(script);
        talk.remote.best_mx = true;
        EXPECT_TRUE(talk.open());
        EXPECT_FALSE(talk.session.reusable());
        talk.quit();
        EXPECT_EQ(talk.server.complaint(), "");
    }
}

TEST(ClientOpen, BelievesNothingThatWasInjectedBeforeTls)
{
    Conversation talk("S: 220 mx\n" + hello +
                      "S: 250-mx\nS: 250 STARTTLS\n"
                      "C: STARTTLS\nS: 220 ready\nS: 250 AUTH PLAIN\n");
    ASSERT_FALSE(talk.open());
    std::optional<smtp::Attempt> failure;
    base::Scope scope;
    scope.spawn(run_tls(talk.session, failure));
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->outcome.status, Status::Deferred);
    EXPECT_FALSE(talk.session.reusable());
}
