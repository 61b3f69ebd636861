// SPDX-License-Identifier: Apache-2.0
// The record of a client's conversation: what it shows, and what counts as trouble.
#include "lib/smtp/client_record.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "lib/smtp/client_session.h"
#include "tests/unit/smtp/client_script.h"

namespace smtp::test {
namespace {

constexpr std::string_view head = "Unexpected response from mx.\r\n\r\nTranscript of session "
                                  "follows.\r\n\r\n";
constexpr std::string_view foot = "\r\nFor other details, see the local mail logfile\r\n";

TEST(ClientRecord, KnowsErrorsOfProtocol)
{
    const std::pair<int, bool> cases[] = {{0, true},    {250, true},  {354, true},  {421, false},
                                          {450, false}, {499, false}, {500, true},  {509, true},
                                          {510, false}, {550, false}, {554, false}, {555, true},
                                          {599, false}, {600, true}};
    for (const auto& [code, want] : cases) {
        ClientRecord record;
        record.refused(code);
        record.refused(450);
        EXPECT_EQ(record.protocol_error(), want) << code;
        EXPECT_FALSE(record.content_error());
    }
}

TEST(ClientRecord, TakesRepliesInPieces)
{
    ClientRecord record;
    record.sent("MAIL FROM:<>\r\nDATA\r\n");
    record.received("250-a");
    record.received("b\r\n250 c\r\n50");
    record.received("2 " + std::string(10'000, 'x'));
    EXPECT_EQ(record.letter("mx"),
              base::cat(head,
                        " Out: MAIL FROM:<>\r\n Out: DATA\r\n In:  250-ab\r\n In:  250 c\r\n"
                        " In:  502\r\n     ",
                        std::string(mail::Transcript::line_limit - 4, 'x'), "\r\n", foot));
}

TEST(ClientRecord, ShowsNoContentAndNoSecrets)
{
    Conversation t("S: 220 mx\nC: EHLO me.example\nS: 250 mx\nC: AUTH PLAIN c2VjcmV0\nS: 235 ok\n"
                   "C: MAIL FROM:<s@me.example>\nS: 250 ok\nC: RCPT TO:<to@example.org>\n"
                   "S: 250 ok\nC: DATA\nS: 354 go\nC: text\nC: .\nS: 501 5.5.4 what\nC: QUIT\n");
    t.set_recipients({"to@example.org"});
    EXPECT_FALSE(t.open());
    EXPECT_EQ(t.authenticate("AUTH PLAIN c2VjcmV0"), WireStatus::Ok);
    t.deliver("text\r\n");
    t.quit();
    EXPECT_EQ(t.server.complaint(), "");
    ASSERT_NE(t.session.record(), nullptr);
    EXPECT_TRUE(t.session.record()->protocol_error());
    EXPECT_EQ(t.session.record()->letter("mx"),
              base::cat(head,
                        " In:  220 mx\r\n Out: EHLO me.example\r\n In:  250 mx\r\n"
                        " Out: AUTH PLAIN\r\n In:  235 ok\r\n"
                        " Out: MAIL FROM:<s@me.example>\r\n In:  250 ok\r\n"
                        " Out: RCPT TO:<to@example.org>\r\n In:  250 ok\r\n Out: DATA\r\n"
                        " In:  354 go\r\n Out: .\r\n In:  501 5.5.4 what\r\n"
                        " Out: QUIT\r\n",
                        foot));
    t.session.forget_record();
    EXPECT_FALSE(t.session.record()->protocol_error());
    EXPECT_EQ(t.session.record()->letter("mx"), base::cat(head, foot));
}

TEST(ClientRecord, NotesGarbageAndContentThatCannotBeRead)
{
    const std::string begin = "S: 220 mx\nC: EHLO me.example\nS: 250 mx\n"
                              "C: MAIL FROM:<s@me.example>\n";
    Conversation garbled(begin + "S: hello\nS: 250 ok\nC: RCPT TO:<to@example.org>\nS: 550 no\n");
    garbled.set_recipients({"to@example.org"});
    EXPECT_FALSE(garbled.open());
    garbled.deliver("text\r\n");
    EXPECT_TRUE(garbled.session.record()->protocol_error());

    Conversation unreadable(begin + "S: 250 ok\nC: RCPT TO:<to@example.org>\nS: 250 ok\nC: DATA\n"
                                    "S: 354 go\n");
    unreadable.set_recipients({"to@example.org"});
    unreadable.content_fails_at = 0;
    EXPECT_FALSE(unreadable.open());
    unreadable.deliver("text\r\n");
    EXPECT_FALSE(unreadable.session.record()->protocol_error());
    EXPECT_TRUE(unreadable.session.record()->content_error());
}

} // namespace
} // namespace smtp::test
