// SPDX-License-Identifier: Apache-2.0
#include "lib/smtp/client_delivery.h"

#include <gtest/gtest.h>

#include "tests/unit/smtp/client_script.h"

using mail::Status;
using smtp::test::Conversation;

namespace {

// A conversation up to the point where messages may be sent.
constexpr const char* plain = "S: 220 mx.example ESMTP\nC: EHLO me.example\nS: 250 mx.example\n";
constexpr const char* piped = "S: 220 mx.example ESMTP\nC: EHLO me.example\n"
                              "S: 250-mx.example\nS: 250 PIPELINING\n";
constexpr const char* lmtp = "S: 220 mx LMTP\nC: LHLO me.example\nS: 250-mx\nS: 250 PIPELINING\n";

struct Want {
    Status status;
    std::string dsn;
    std::string text;
    bool next_host = false;
};

struct Case {
    std::string name;
    const char* start;
    std::string script;
    std::vector<std::string> recipients;
    std::vector<Want> want;
    bool reusable;
};

const std::string said = "host mx.example[192.0.2.1] said: ";
const std::string lost = "lost connection with mx.example[192.0.2.1] while ";
const std::string at_end = "sending end of data -- message may be sent more than once";

void check(const Case& c, std::size_t drip)
{
    SCOPED_TRACE(c.name + " drip " + std::to_string(drip));
    Conversation talk(c.start + c.script);
    talk.server.set_drip(drip);
    if (c.start == lmtp)
        talk.settings.dialect = smtp::Dialect::Lmtp;
    talk.set_recipients(c.recipients);
    ASSERT_FALSE(talk.open());
    const smtp::DeliveryReport report = talk.deliver("Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(talk.server.complaint(), "");
    ASSERT_EQ(report.attempts.size(), c.want.size());
    for (std::size_t i = 0; i < c.want.size(); ++i) {
        SCOPED_TRACE(c.recipients[i]);
        const smtp::Attempt& got = report.attempts[i];
        EXPECT_EQ(got.outcome.status, c.want[i].status);
        EXPECT_EQ(got.outcome.dsn, c.want[i].dsn);
        EXPECT_EQ(got.outcome.text, c.want[i].text);
        EXPECT_EQ(got.next_host, c.want[i].next_host);
        EXPECT_EQ(got.outcome.relay, "mx.example[192.0.2.1]:25");
    }
    EXPECT_EQ(talk.session.reusable(), c.reusable);
}

const std::string body = "C: Subject: x\nC:\nC: hello\nC: .\n";
const std::string ab = "C: MAIL FROM:<s@me.example>\nC: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: DATA\n";

const std::vector<Case> cases = {
    {"lockstep, all well",
     plain,
     "C: MAIL FROM:<s@me.example>\nS: 250 2.1.0 Ok\nC: RCPT TO:<a@x>\nS: 250 Ok\n"
     "C: DATA\nS: 354 go\n" +
         body + "S: 250 2.0.0 Ok: queued as 123\n",
     {"a@x"},
     {{Status::Sent, "2.0.0", "250 2.0.0 Ok: queued as 123"}},
     true},
    {"lockstep, MAIL refused",
     plain,
     "C: MAIL FROM:<s@me.example>\nS: 550 5.7.1 no\n",
     {"a@x"},
     {{Status::Bounced, "5.7.1", said + "550 5.7.1 no (in reply to MAIL FROM command)"}},
     true},
    {"lockstep, one of two refused",
     plain,
     "C: MAIL FROM:<s@me.example>\nS: 250 Ok\nC: RCPT TO:<a@x>\nS: 550-5.1.1 line one\n"
     "S: 550 5.1.1 two\nC: RCPT TO:<b@x>\nS: 250 Ok\nC: DATA\nS: 354 go\n" +
         body + "S: 250 done\n",
     {"a@x", "b@x"},
     {{Status::Bounced, "5.1.1",
       said + "550-5.1.1 line one 550 5.1.1 two (in reply to RCPT TO command)"},
      {Status::Sent, "2.0.0", "250 done"}},
     true},
    {"lockstep, all refused, no DATA",
     plain,
     "C: MAIL FROM:<s@me.example>\nS: 250 Ok\nC: RCPT TO:<a@x>\nS: 450 4.2.0 greylisted\n",
     {"a@x"},
     {{Status::Deferred, "4.2.0", said + "450 4.2.0 greylisted (in reply to RCPT TO command)",
       true}},
     true},
    {"pipelined, all well",
     piped,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 251 Ok\nS: 354 go\n" + body + "S: 250 2.0.0 queued\n",
     {"a@x", "b@x"},
     {{Status::Sent, "2.0.0", "250 2.0.0 queued"}, {Status::Sent, "2.0.0", "250 2.0.0 queued"}},
     true},
    {"pipelined, MAIL refused and all else too",
     piped,
     ab + "S: 451 4.7.0 later\nS: 503 no\nS: 503 no\nS: 503 no\n",
     {"a@x", "b@x"},
     {{Status::Deferred, "4.7.0", said + "451 4.7.0 later (in reply to MAIL FROM command)", true},
      {Status::Deferred, "4.7.0", said + "451 4.7.0 later (in reply to MAIL FROM command)", true}},
     true},
    {"pipelined, nobody accepted but DATA was",
     piped,
     ab + "S: 250 Ok\nS: 550 a\nS: 551 b\nS: 354 go\nC: .\nS: 554 no valid recipients\n",
     {"a@x", "b@x"},
     {{Status::Bounced, "5.0.0", said + "550 a (in reply to RCPT TO command)"},
      {Status::Bounced, "5.0.0", said + "551 b (in reply to RCPT TO command)"}},
     true},
    {"pipelined, MAIL refused but the rest accepted: no empty message",
     piped,
     ab + "S: 550 no\nS: 250 Ok\nS: 250 Ok\nS: 354 go\n",
     {"a@x", "b@x"},
     {{Status::Bounced, "5.0.0", said + "550 no (in reply to MAIL FROM command)"},
      {Status::Bounced, "5.0.0", said + "550 no (in reply to MAIL FROM command)"}},
     false},
    {"pipelined, DATA refused",
     piped,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 550 b\nS: 451 4.3.0 disk\n",
     {"a@x", "b@x"},
     {{Status::Deferred, "4.3.0", said + "451 4.3.0 disk (in reply to DATA command)", true},
      {Status::Bounced, "5.0.0", said + "550 b (in reply to RCPT TO command)"}},
     true},
    {"pipelined, 250 to DATA is no permission",
     piped,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 250 Ok\nS: 250 what\n",
     {"a@x", "b@x"},
     {{Status::Deferred, "4.5.0", said + "250 what (in reply to DATA command)", true},
      {Status::Deferred, "4.5.0", said + "250 what (in reply to DATA command)", true}},
     false},
    {"pipelined, refused at the end",
     piped,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 250 Ok\nS: 354 go\n" + body + "S: 554 5.6.0 spam\n",
     {"a@x", "b@x"},
     {{Status::Bounced, "5.6.0", said + "554 5.6.0 spam (in reply to end of DATA command)"},
      {Status::Bounced, "5.6.0", said + "554 5.6.0 spam (in reply to end of DATA command)"}},
     true},
    {"421 at RCPT defers all that is open",
     piped,
     ab + "S: 250 Ok\nS: 550 a\nS: 421 4.3.2 bye\n",
     {"a@x", "b@x"},
     {{Status::Bounced, "5.0.0", said + "550 a (in reply to RCPT TO command)"},
      {Status::Deferred, "4.3.2", said + "421 4.3.2 bye (in reply to RCPT TO command)", true}},
     false},
    {"lost at MAIL",
     plain,
     "C: MAIL FROM:<s@me.example>\nclose\n",
     {"a@x"},
     {{Status::Deferred, "4.4.2", lost + "sending MAIL FROM", true}},
     false},
    {"lost at RCPT",
     piped,
     ab + "S: 250 Ok\nclose\n",
     {"a@x", "b@x"},
     {{Status::Deferred, "4.4.2", lost + "sending RCPT TO", true},
      {Status::Deferred, "4.4.2", lost + "sending RCPT TO", true}},
     false},
    {"timeout at DATA",
     piped,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 250 Ok\ntimeout\n",
     {"a@x", "b@x"},
     {{Status::Deferred, "4.4.2",
       "conversation with mx.example[192.0.2.1] timed out while sending DATA command", true},
      {Status::Deferred, "4.4.2",
       "conversation with mx.example[192.0.2.1] timed out while sending DATA command", true}},
     false},
    {"lost after half of the last reply",
     piped,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 550 b\nS: 354 go\n" + body + "S+ 250 2.0.0 O\nclose\n",
     {"a@x", "b@x"},
     {{Status::Deferred, "4.4.2", lost + at_end, true},
      {Status::Bounced, "5.0.0", said + "550 b (in reply to RCPT TO command)"}},
     false},
    {"LMTP, a reply for each accepted recipient",
     lmtp,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 250 Ok\nS: 354 go\n" + body +
         "S: 250 2.0.0 <a@x> X Saved\nS: 452 4.2.2 full\n",
     {"a@x", "b@x"},
     {{Status::Sent, "2.0.0", "250 2.0.0 <a@x> X Saved"},
      {Status::Deferred, "4.2.2", said + "452 4.2.2 full (in reply to end of DATA command)", true}},
     true},
    {"LMTP, lost between the replies",
     lmtp,
     ab + "S: 250 Ok\nS: 250 Ok\nS: 250 Ok\nS: 354 go\n" + body + "S: 250 saved\nclose\n",
     {"a@x", "b@x"},
     {{Status::Sent, "2.0.0", "250 saved"}, {Status::Deferred, "4.4.2", lost + at_end, true}},
     false},
    {"LMTP, 354 without recipients ends the connection",
     lmtp,
     ab + "S: 250 Ok\nS: 550 a\nS: 550 b\nS: 354 go\n",
     {"a@x", "b@x"},
     {{Status::Bounced, "5.0.0", said + "550 a (in reply to RCPT TO command)"},
      {Status::Bounced, "5.0.0", said + "550 b (in reply to RCPT TO command)"}},
     false},
    {"a recipient with CR LF is never sent",
     plain,
     "C: MAIL FROM:<s@me.example>\nS: 250 Ok\nC: RCPT TO:<b@x>\nS: 250 Ok\n"
     "C: DATA\nS: 354 go\n" +
         body + "S: 250 done\n",
     {"a\r\nDATA@x", "b@x"},
     {{Status::Bounced, "5.1.3", "bad recipient address syntax"},
      {Status::Sent, "2.0.0", "250 done"}},
     true},
    {"the enhanced code has the wrong class",
     plain,
     "C: MAIL FROM:<s@me.example>\nS: 450 5.7.1 odd\n",
     {"a@x"},
     {{Status::Deferred, "4.0.0", said + "450 5.7.1 odd (in reply to MAIL FROM command)", true}},
     true},
};

} // namespace

TEST(ClientDelivery, GivesEachRecipientItsOutcome)
{
    for (const Case& c : cases) {
        check(c, SIZE_MAX);
        check(c, 1);
    }
}

TEST(ClientDelivery, FourTransportCallsForAPipelinedMessageOnAnOpenConnection)
{
    const std::string one = "C: MAIL FROM:<s@me.example>\nC: RCPT TO:<a@x>\nC: DATA\n"
                            "S: 250 Ok\nS: 250 Ok\nS: 354 go\n" +
                            body + "S: 250 done\n";
    Conversation talk(piped + one + one);
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    for (int i = 0; i < 2; ++i) {
        talk.server.forget_calls();
        const auto report = talk.deliver("Subject: x\r\n\r\nhello\r\n");
        EXPECT_EQ(report.attempts[0].outcome.status, Status::Sent);
        const std::vector<std::string> want = {"send", "receive", "send", "receive"};
        EXPECT_EQ(talk.server.calls(), want);
    }
    EXPECT_EQ(talk.server.complaint(), "");
}

TEST(ClientDelivery, ResetsATransactionThatWasLeftOpen)
{
    Conversation talk(plain + std::string("C: MAIL FROM:<s@me.example>\nS: 250 Ok\n"
                                          "C: RCPT TO:<a@x>\nS: 550 no\n"
                                          "C: RSET\nS: 250 Ok\n"
                                          "C: MAIL FROM:<s@me.example>\nS: 550 no\n"
                                          "C: QUIT\n"));
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    talk.deliver("x\r\n");
    talk.deliver("x\r\n");
    talk.quit();
    EXPECT_EQ(talk.server.complaint(), "");
    EXPECT_FALSE(talk.session.reusable());
}

TEST(ClientDelivery, SaysThatAReusedConnectionWasStale)
{
    Conversation talk(plain + std::string("C: MAIL FROM:<s@me.example>\nS: 550 no\n"
                                          "C: MAIL FROM:<s@me.example>\nclose\n"));
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    EXPECT_FALSE(talk.deliver("x\r\n").stale_connection);
    EXPECT_TRUE(talk.deliver("x\r\n").stale_connection);
}

TEST(ClientDelivery, TakesNothingThatCameUnasked)
{
    Conversation talk(plain + std::string("C: MAIL FROM:<s@me.example>\nS: 550 no\nS: 250 Ok\n"));
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    talk.deliver("x\r\n");
    EXPECT_FALSE(talk.session.reusable());
    const auto report = talk.deliver("x\r\n");
    EXPECT_EQ(report.attempts[0].outcome.status, Status::Deferred);
    EXPECT_EQ(report.attempts[0].outcome.dsn, "4.5.0");
    EXPECT_EQ(talk.server.complaint(), "");
}

TEST(ClientDelivery, KnowsWhenAMessageMayArriveTwice)
{
    const std::string data = "C: MAIL FROM:<s@me.example>\nC: RCPT TO:<a@x>\nC: DATA\n"
                             "S: 250 Ok\nS: 250 Ok\nS: 354 go\n";
    Conversation late(piped + data + body + "close\n");
    late.set_recipients({"a@x"});
    ASSERT_FALSE(late.open());
    EXPECT_TRUE(late.deliver("Subject: x\r\n\r\nhello\r\n").may_be_duplicate);

    Conversation early(piped + data + "C: Subject: x\nbroken\nclose\n");
    early.chunk = 12;
    early.set_recipients({"a@x"});
    ASSERT_FALSE(early.open());
    const auto report = early.deliver("Subject: x\r\n\r\nhello\r\n");
    EXPECT_FALSE(report.may_be_duplicate);
    EXPECT_EQ(report.attempts[0].outcome.text, lost + "sending message body");
}

TEST(ClientDelivery, HearsWhyTheServerStoppedReading)
{
    Conversation talk(piped + std::string("C: MAIL FROM:<s@me.example>\nC: RCPT TO:<a@x>\nC: DATA\n"
                                          "S: 250 Ok\nS: 250 Ok\nS: 354 go\n"
                                          "C: Subject: x\nbroken\nS: 552 5.3.4 too big\n"));
    talk.chunk = 12;
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    const auto report = talk.deliver("Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(report.attempts[0].outcome.status, Status::Bounced);
    EXPECT_EQ(report.attempts[0].outcome.text,
              said + "552 5.3.4 too big (in reply to end of DATA command)");
    EXPECT_FALSE(talk.session.reusable());
}

TEST(ClientDelivery, SendsNoDotWhenContentCannotBeRead)
{
    Conversation talk(plain + std::string("C: MAIL FROM:<s@me.example>\nS: 250 Ok\n"
                                          "C: RCPT TO:<a@x>\nS: 250 Ok\nC: DATA\nS: 354 go\n"
                                          "C: Subject: x\n"));
    talk.chunk = 12;
    talk.content_fails_at = 12;
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    const auto report = talk.deliver("Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(report.attempts[0].outcome.text,
              "local data error while talking to mx.example[192.0.2.1]");
    EXPECT_EQ(report.attempts[0].outcome.dsn, "4.3.0");
    EXPECT_FALSE(talk.session.reusable());
    EXPECT_EQ(talk.server.complaint(), "");
}

TEST(ClientDelivery, RefusesWhatTheServerCannotTake)
{
    const std::string small = "S: 220 mx ESMTP\nC: EHLO me.example\nS: 250-mx\nS: 250 SIZE 10\n";
    Conversation big(small);
    big.set_recipients({"a@x"});
    ASSERT_FALSE(big.open());
    const auto report = big.deliver("12345678901\r\n");
    EXPECT_EQ(report.attempts[0].outcome.status, Status::Bounced);
    EXPECT_EQ(report.attempts[0].outcome.dsn, "5.3.4");
    EXPECT_EQ(report.attempts[0].outcome.text,
              "message size 13 exceeds size limit 10 of server mx.example[192.0.2.1]");
    EXPECT_TRUE(big.session.reusable());

    Conversation utf8(plain);
    utf8.set_recipients({"gr\xc3\xbc\xc3\x9f@x"});
    utf8.envelope.smtputf8 = true;
    ASSERT_FALSE(utf8.open());
    const auto refused = utf8.deliver("x\r\n");
    EXPECT_EQ(refused.attempts[0].outcome.dsn, "5.6.7");
    EXPECT_EQ(refused.attempts[0].outcome.text,
              "SMTPUTF8 is required, but was not offered by host mx.example[192.0.2.1]");
}

TEST(ClientDelivery, ProbesAddressesWithoutData)
{
    Conversation talk(piped + std::string("C: MAIL FROM:<s@me.example>\nC: RCPT TO:<a@x>\n"
                                          "C: RCPT TO:<b@x>\n"
                                          "S: 250 Ok\nS: 250 2.1.5 Ok\nS: 550 5.1.1 no\n"));
    talk.set_recipients({"a@x", "b@x"});
    ASSERT_FALSE(talk.open());
    const auto report = talk.probe_addresses();
    EXPECT_EQ(report.attempts[0].outcome.status, Status::Sent);
    EXPECT_EQ(report.attempts[0].outcome.text, "250 2.1.5 Ok");
    EXPECT_EQ(report.attempts[1].outcome.status, Status::Bounced);
    EXPECT_EQ(talk.server.complaint(), "");
}

TEST(ClientDelivery, SendsManyRecipientsInBatches)
{
    std::string script = piped;
    std::vector<std::string> addresses;
    for (int i = 0; i < 1000; ++i)
        addresses.push_back("someone.with.a.long.name" + std::to_string(i) + "@example.org");
    std::size_t bytes = std::string("MAIL FROM:<s@me.example>\r\n").size();
    std::string replies = "S: 250 Ok\n";
    script += "C: MAIL FROM:<s@me.example>\n";
    for (const std::string& address : addresses) {
        script += "C: RCPT TO:<" + address + ">\n";
        replies += "S: 250 Ok\n";
        bytes += address.size() + std::string("RCPT TO:<>\r\n").size();
        if (bytes >= smtp::pipeline_batch_limit) {
            script += replies;
            replies.clear();
            bytes = 0;
        }
    }
    script += "C: DATA\n" + replies + "S: 354 go\n" + body + "S: 250 done\n";
    Conversation talk(script);
    talk.set_recipients(addresses);
    ASSERT_FALSE(talk.open());
    const auto report = talk.deliver("Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(talk.server.complaint(), "");
    EXPECT_EQ(report.attempts[999].outcome.status, Status::Sent);
}

TEST(ClientDelivery, ConvertsEightBitContentForASevenBitServer)
{
    const std::string envelope = "C: MAIL FROM:<s@me.example>\nS: 250 Ok\nC: RCPT TO:<a@x>\n"
                                 "S: 250 Ok\nC: DATA\nS: 354 go\n";
    const std::string content = "Content-Transfer-Encoding: 8bit\r\n\r\n.gr\xc3\xbc\xc3\x9f\r\n";
    Conversation talk(plain + envelope +
                      "C: Content-Transfer-Encoding: quoted-printable\nC:\n"
                      "C: ..gr=C3=BC=C3=9F\nC: .\nS: 250 done\n");
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    talk.deliver(content);
    EXPECT_EQ(talk.server.complaint(), "");

    Conversation off(plain + envelope +
                     "C: Content-Transfer-Encoding: 8bit\nC:\nC: ..gr\xc3\xbc\xc3\x9f\nC: .\n"
                     "S: 250 done\n");
    off.settings.disable_mime_output_conversion = true;
    off.set_recipients({"a@x"});
    ASSERT_FALSE(off.open());
    off.deliver(content);
    EXPECT_EQ(off.server.complaint(), "");
}

TEST(ClientDelivery, BouncesWhatNestsTooDeeplyToConvert)
{
    std::string content;
    for (int i = 0; i < 120; ++i)
        content += "Content-Type: message/rfc822\r\n\r\n";
    content += "\xc3\xbc\r\n";
    Conversation talk(plain + std::string("C: MAIL FROM:<s@me.example>\nS: 250 Ok\n"
                                          "C: RCPT TO:<a@x>\nS: 250 Ok\nC: DATA\nS: 354 go\n"));
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    const auto report = talk.deliver(content);
    EXPECT_EQ(report.attempts[0].outcome.status, Status::Bounced);
    EXPECT_EQ(report.attempts[0].outcome.dsn, "5.6.0");
    EXPECT_EQ(report.attempts[0].outcome.text, "MIME nesting exceeds safety limit");
    EXPECT_EQ(talk.server.complaint(), "");
}

TEST(ClientSession, WaitsAsLongAsEachStageAllows)
{
    using namespace std::chrono_literals;
    Conversation talk(plain + std::string("C: MAIL FROM:<s@me.example>\nS: 250 Ok\n"
                                          "C: RCPT TO:<a@x>\nS: 250 Ok\nC: DATA\nS: 354 go\n" +
                                          body + "S: 250 done\n"));
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    EXPECT_EQ(talk.server.last_deadline().when() - talk.clock.mono(), 300s);
    talk.deliver("Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(talk.server.last_deadline().when() - talk.clock.mono(), 600s);
    EXPECT_EQ(talk.session.stage(), smtp::ClientStage::EndOfData);
}

TEST(ClientSession, MayBeReusedUntilALimit)
{
    const std::string refusal = "C: MAIL FROM:<s@me.example>\nS: 550 no\n";
    Conversation talk(plain + refusal + refusal);
    talk.settings.reuse_count_limit = 2;
    talk.set_recipients({"a@x"});
    ASSERT_FALSE(talk.open());
    talk.deliver("x\r\n");
    EXPECT_TRUE(talk.session.reusable());
    talk.clock.advance(std::chrono::seconds(299));
    EXPECT_TRUE(talk.session.reusable());
    talk.deliver("x\r\n");
    EXPECT_FALSE(talk.session.reusable());

    Conversation old(plain);
    ASSERT_FALSE(old.open());
    old.clock.advance(std::chrono::seconds(300));
    EXPECT_FALSE(old.session.reusable());
}
