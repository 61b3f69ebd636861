// SPDX-License-Identifier: Apache-2.0
// What a session does with one message after another.
#include "cleanup/session.h"

#include "lib/base/strings.h"
#include "lib/mail/date.h"
#include "tests/unit/cleanup/cleanup_fixture.h"

namespace cleanup {
namespace {

namespace option = ipc::cleanup::option;
using queue::Queue;

class SessionTest : public CleanupTest {};

constexpr std::string_view simple = "From: <a@example.com>\r\nMessage-Id: <1@example.com>\r\n"
                                    "\r\nHello\r\n";

TEST_F(SessionTest, StoresTheMessageUnderItsReceivedField)
{
    EXPECT_EQ(send(simple), "ok");
    EXPECT_EQ(stored_content(),
              base::cat("Received: from helo.example.com (mail.example.com [192.0.2.1])\r\n"
                        "\tby mx.example.net (Posthouse) with ESMTP id ",
                        id_, "\r\n\tfor <user@example.org>; ", mail::header_date(envelope_.arrival),
                        "\r\n", simple));
    EXPECT_EQ(log(), "Q: message-id=<1@example.com>\n");
    EXPECT_EQ(news_.ids, std::vector<std::string>{id_});
    EXPECT_EQ(stored_message().envelope, envelope_);
    EXPECT_EQ(send(simple), "ok") << "a second message on the same connection";
    EXPECT_EQ(ids(Queue::Incoming).size(), 2U);
}

TEST_F(SessionTest, NamesNoRecipientAmongSeveralInReceived)
{
    recipients_ = {"user@example.org", "user@example.org"};
    EXPECT_EQ(send(simple), "ok");
    EXPECT_EQ(stored_content().find(" for "), std::string::npos);
    EXPECT_EQ(stored_recipients(), "user@example.org");
}

TEST_F(SessionTest, QuotesTheRecipientInReceived)
{
    recipients_ = {"odd user@example.org"};
    EXPECT_EQ(send(simple), "ok");
    EXPECT_NE(stored_content().find("\tfor <\"odd user\"@example.org>; "), std::string::npos);
}

TEST_F(SessionTest, ShowsHowTheClientCame)
{
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("tls", "");
    action("show_login", "joe");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    const std::string stored = stored_content();
    EXPECT_NE(stored.find("\r\n\t(Authenticated sender: joe)\r\n"), std::string::npos) << stored;
    EXPECT_NE(stored.find(" with ESMTPSA id "), std::string::npos) << stored;
    EXPECT_EQ(stored_message().attribute("login"), "joe");
}

TEST_F(SessionTest, ShowsLocalSubmission)
{
    envelope_.client = {};
    options_ = option::local_rewrite;
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("uid", "1000");
    action("full_name", "Joe \"J.\" User");
    content("Subject: caf\xc3\xa9\r\nMessage-Id: <1@x.y>\r\nDate: now\r\n\r\n");
    EXPECT_EQ(shown(finish()), "ok");
    EXPECT_TRUE(stored_content().starts_with(
        base::cat("Received: by mx.example.net (Posthouse, from userid 1000)\r\n\tid ", id_, "; ")))
        << stored_content();
    EXPECT_EQ(stored_text(), "Subject: caf\xc3\xa9\r\nMessage-Id: <1@x.y>\r\nDate: now\r\n"
                             "From: \"Joe \\\"J.\\\" User\" <sender@example.com>\r\n\r\n");
    EXPECT_TRUE(stored_message().envelope.smtputf8);
}

TEST_F(SessionTest, KeepsEveryByteOfOddMessages)
{
    struct {
        const char* name;
        std::string message;
        std::string want; // After the Received field; "" is the message itself.
    } const cases[] = {
        {"header only", "Subject: x\r\n", ""},
        {"header and separator", "Subject: x\r\n\r\n", ""},
        {"no final line end", "Subject: x\r\n\r\nbody", ""},
        {"no line end in the header", "Subject: x", "Subject: x\r\n"},
        {"no header", "\r\nbody\r\n", ""},
        {"no header and no separator", "body\r\n", "\r\nbody\r\n"},
        {"body without line end", "just text", "\r\njust text"},
        {"body at a bad header line", "A: b\r\nbad line\r\n", "A: b\r\n\r\nbad line\r\n"},
        {"leading blank", " x\r\nA: b\r\n\r\n", "\r\n x\r\nA: b\r\n\r\n"},
        {"mailbox line", "From joe Sat\r\nA: b\r\n\r\n",
         "X-Mailbox-Line: From joe Sat\r\nA: b\r\n\r\n"},
        {"quoted mailbox line", ">From joe\r\nA: b\r\n", "X-Mailbox-Line: >From joe\r\nA: b\r\n"},
        {"dots and NUL", std::string("A: b\r\n\r\n.\r\n..\r\n\0x\r\n", 19), ""},
        {"odd bytes", "A:\xff\xfe\r\n\tfold\r\nB: c\r\n\r\n\x80\xff\r\n", ""},
        {"blanks before colons", "A : b\r\nTo\t: c\r\n\r\nD : e\r\n",
         "A: b\r\nTo: c\r\n\r\nD : e\r\n"},
        {"dropped fields",
         "Bcc: a\r\nA: b\r\n c\r\nReturn-Path: <x>\r\n\tmore\r\n"
         "Content-Length: 5\r\nResent-bcc: q\r\n\r\nBcc: body\r\n",
         "A: b\r\n c\r\n\r\nBcc: body\r\n"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(send(c.message), "ok") << c.name;
        EXPECT_EQ(stored_text(), c.want.empty() ? c.message : c.want) << c.name;
    }
    EXPECT_EQ(send(""), "ok");
    EXPECT_EQ(stored_text(), "");
}

TEST_F(SessionTest, TakesContentCutAnywhere)
{
    const std::string message = base::cat("To: a,\r\n b\r\nBcc: c\r\n", simple);
    EXPECT_EQ(send(message), "ok");
    const std::string whole = stored_text();
    for (std::size_t cut = 1; cut < message.size(); cut += 3) { // Each costs two syncs.
        ASSERT_TRUE(open());
        recipient("user@example.org");
        content(std::string_view(message).substr(0, cut));
        content(std::string_view(message).substr(cut));
        EXPECT_EQ(shown(finish()), "ok");
        EXPECT_EQ(stored_text(), whole) << cut;
    }
}

TEST_F(SessionTest, AddsWhatLocalMailLacks)
{
    configure("undisclosed_recipients_header = To: undisclosed-recipients:;\n");
    const std::string date = mail::header_date(envelope_.arrival);
    options_ = option::local_rewrite;
    EXPECT_EQ(send("Subject: x\r\n\r\n"), "ok");
    EXPECT_EQ(stored_text(), base::cat("Subject: x\r\nMessage-Id: <20261121230000.", id_,
                                       "@mx.example.net>\r\nDate: ", date,
                                       "\r\nFrom: sender@example.com\r\n"
                                       "To: undisclosed-recipients:;\r\n\r\n"));
    EXPECT_EQ(log(), "Q: message-id=<20261121230000.Q@mx.example.net>\n");
    log_lines_.lines.clear();
    EXPECT_EQ(send("Message-Id: <1@x>\r\nResent-To: a@b.c\r\n\r\n"), "ok");
    EXPECT_EQ(stored_text(),
              base::cat("Message-Id: <1@x>\r\nResent-To: a@b.c\r\nResent-Message-Id: "
                        "<20261121230000.",
                        id_, "@mx.example.net>\r\nResent-Date: ", date,
                        "\r\nResent-From: sender@example.com\r\n\r\n"));
    EXPECT_EQ(log(), "Q: message-id=<1@x>\nQ: resent-message-id=<20261121230000.Q@"
                     "mx.example.net>\n");
}

TEST_F(SessionTest, TakesTheSenderOfNoticesForNobody)
{
    options_ = option::local_rewrite;
    for (const char* sender : {"MAILER-DAEMON", "mailer-daemon@MX.example.net", ""}) {
        envelope_.sender = sender;
        EXPECT_EQ(send("Date: d\r\nMessage-Id: <1>\r\nTo: a@b.c\r\n\r\n"), "ok");
        EXPECT_EQ(stored_message().envelope.sender, "") << sender;
        EXPECT_EQ(stored_text(), "Date: d\r\nMessage-Id: <1>\r\nTo: a@b.c\r\n"
                                 "From: MAILER-DAEMON@mx.example.net\r\n\r\n");
    }
    for (const char* other : {"MAILER-DAEMON@example.com", "MAILER-DAEMON+x@mx.example.net"}) {
        envelope_.sender = other;
        EXPECT_EQ(send("Subject: x\r\n\r\n"), "ok");
        EXPECT_EQ(stored_message().envelope.sender, other);
    }
}

TEST_F(SessionTest, AddsNothingToMailOfStrangers)
{
    EXPECT_EQ(send("Subject: x\r\n\r\n"), "ok");
    EXPECT_EQ(stored_text(), "Subject: x\r\n\r\n");
    EXPECT_EQ(log(), "Q: message-id=<>\n");
    configure("always_add_missing_headers = yes\n");
    envelope_.sender = "";
    EXPECT_EQ(send("Subject: x\r\nTo: a\r\nDate: d\r\nMessage-Id: <1>\r\n\r\n"), "ok");
    EXPECT_EQ(stored_text(), "Subject: x\r\nTo: a\r\nDate: d\r\nMessage-Id: <1>\r\n"
                             "From: MAILER-DAEMON\r\n\r\n");
}

TEST_F(SessionTest, KnowsEightBitTextThatNobodyDeclared)
{
    EXPECT_EQ(send("Subject: x\r\n\r\nplain\r\n"), "ok");
    EXPECT_EQ(stored_message().envelope.body, mail::BodyType::Unspecified);
    EXPECT_EQ(send("Subject: x\r\n\r\ngr\xc3\xbc\xc3\x9f\r\n"), "ok");
    EXPECT_EQ(stored_message().envelope.body, mail::BodyType::EightBitMime);
}

TEST_F(SessionTest, RefusesLoops)
{
    configure("hopcount_limit = 3\n");
    EXPECT_EQ(send("Received: a\r\n\r\n"), "ok");
    EXPECT_EQ(send("Received: a\r\nreceived: b\r\nMessage-Id: <1>\r\n\r\n"),
              "554 5.4.0 Error: too many hops");
    EXPECT_NE(log().find("warning: Q: message rejected: hopcount exceeded\n"), std::string::npos)
        << log();
    EXPECT_EQ(ids(Queue::Incoming).size(), 1U);
}

TEST_F(SessionTest, RefusesWhatIsTooBig)
{
    configure("message_size_limit = 2000\n");
    EXPECT_EQ(send(std::string(3000, 'x')), "552 5.3.4 Error: message file too big");
    EXPECT_NE(log().find("warning: Q: queue file size limit exceeded\n"), std::string::npos);
    EXPECT_TRUE(nothing_left());
}

TEST_F(SessionTest, RefusesMailWithoutRecipients)
{
    recipients_.clear();
    EXPECT_EQ(send(simple), "550 5.1.0 Error: no recipients specified");
    EXPECT_TRUE(nothing_left());
}

TEST_F(SessionTest, TellsWhenThereIsNoRoom)
{
    configure("queue_minfree = 9000000000000000000\n");
    EXPECT_EQ(send(simple), "452 4.3.1 Insufficient system storage");
    EXPECT_EQ(log().find("warning: not enough free space in mail queue: "), 0U);
}

TEST_F(SessionTest, RejectsAndStripsCharacters)
{
    configure("message_reject_characters = \\0\nmessage_strip_characters = \\177\n");
    EXPECT_EQ(send(std::string_view("A: b\r\n\r\nx\0y\r\n", 13)), "550 5.7.1 disallowed character");
    EXPECT_EQ(log(), "Q: reject: content x?y from mail.example.com[192.0.2.1]; "
                     "from=<sender@example.com> to=<user@example.org> proto=ESMTP "
                     "helo=<helo.example.com>: 5.7.1 disallowed character\n");
    EXPECT_EQ(send("A: b\x7f\r\n\r\nx\x7fy\r\n"), "ok");
    EXPECT_EQ(stored_text(), "A: b\r\n\r\nxy\r\n");
    options_ = option::no_header_body_checks;
    EXPECT_EQ(send("A: b\r\n\r\nx\x7fy\r\n"), "ok");
    EXPECT_EQ(stored_text(), "A: b\r\n\r\nx\x7fy\r\n");
}

TEST_F(SessionTest, ActsOnAccessRules)
{
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("prepend", "X-Seen: yes");
    action("prepend", "no header line");
    action("filter", "smtp:[127.0.0.1]:1");
    action("filter", "smtp:[127.0.0.1]:2");
    action("hold", "for review");
    action("bcc", "copy@example.org");
    recipient("other@example.org");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    EXPECT_EQ(stored_text(Queue::Hold), base::cat("X-Seen: yes\r\n", simple));
    const auto message = stored_message(Queue::Hold);
    EXPECT_EQ(message.attribute("content_filter"), "smtp:[127.0.0.1]:2");
    EXPECT_EQ(message.attribute("hold"), "for review");
    ASSERT_EQ(message.recipients.size(), 3U);
    EXPECT_EQ(message.recipients[1].address, "copy@example.org");
    EXPECT_EQ(message.recipients[1].dsn_notify, mail::notify::never);
    EXPECT_TRUE(news_.ids.empty());
}

TEST_F(SessionTest, KeepsVerpDelimiters)
{
    EXPECT_TRUE(open());
    action("verp", "+=");
    recipient("user@example.org");
    action("verp", "-=");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    EXPECT_EQ(stored_message().attribute("verp"), "-=");
}

TEST_F(SessionTest, RefusesVerpThatCannotBe)
{
    for (const char* bad : {"", "+", "+%", "+=-"}) {
        EXPECT_TRUE(open());
        recipient("user@example.org");
        action("verp", bad);
        content(simple);
        EXPECT_EQ(shown(finish()), "554 5.5.4 Error: bad VERP request") << bad;
    }
    EXPECT_NE(log().find("Q: bad VERP delimiters: \"+=-\""), std::string::npos) << log();
    configure("verp_delimiter_filter = +%\n");
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("verp", "+%");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    envelope_.sender.clear();
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("verp", "+%");
    content(simple);
    EXPECT_EQ(shown(finish()), "554 5.5.4 Error: bad VERP request");
}

TEST_F(SessionTest, KeepsWhatARequeuedMessageWas)
{
    options_ = option::local_rewrite;
    EXPECT_TRUE(open());
    action("uid", "7");
    action("keep", "original_queue_id=OLD1");
    action("keep", "expanded=a\nb\n");
    action("keep", "expanded=c\nd\n");
    action("keep", "content_filter=smtp:elsewhere");
    recipient("user@example.org");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    const auto message = stored_message();
    EXPECT_EQ(message.attribute("original_queue_id"), "OLD1");
    EXPECT_EQ(message.attribute("rewrite_context"), "local");
    EXPECT_EQ(message.attribute("content_filter"), "");
    EXPECT_EQ(std::count_if(message.attributes.begin(), message.attributes.end(),
                            [](const auto& one) { return one.name == "expanded"; }),
              2);
}

TEST_F(SessionTest, RedirectsAllRecipients)
{
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("redirect", "trap");
    recipient("other@example.org");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    EXPECT_EQ(stored_recipients(), "trap@mx.example.net(user@example.org)");
}

TEST_F(SessionTest, TakesActionsAfterTheContent)
{
    EXPECT_TRUE(open());
    recipient("user@example.org");
    content(simple);
    action("prepend", "X-Late: yes");
    action("bcc", "copy@example.org");
    action("hold", "");
    EXPECT_EQ(shown(finish()), "ok");
    EXPECT_EQ(stored_text(Queue::Hold), simple);
    EXPECT_EQ(stored_message(Queue::Hold).recipients.size(), 2U);
}

TEST_F(SessionTest, DiscardsWithoutATrace)
{
    EXPECT_TRUE(open());
    recipient("user@example.org");
    action("discard", "");
    content(simple);
    EXPECT_EQ(shown(finish()), "ok");
    EXPECT_TRUE(nothing_left());
    EXPECT_EQ(log(), "");
    EXPECT_TRUE(news_.ids.empty());
}

TEST_F(SessionTest, PermitsMessagesInOrderOnly)
{
    auto permitted = [&] {
        std::string out;
        for (const char* name : {"open", "recipient", "action", "content", "finish", "abandon"})
            out += session().permits(name) ? name[0] : '-';
        return out;
    };
    EXPECT_EQ(permitted(), "o----a");
    EXPECT_TRUE(open());
    EXPECT_EQ(permitted(), "-racfa");
    content("A: b\r\n");
    EXPECT_EQ(permitted(), "--acfa");
    EXPECT_TRUE(wait(session().on(ipc::cleanup::Abandon{})));
    EXPECT_EQ(permitted(), "o----a");
    EXPECT_TRUE(nothing_left());
    EXPECT_TRUE(open());
    EXPECT_EQ(permitted(), "-racfa");
}

TEST_F(SessionTest, RefusesWhatIsNotOfTheProtocol)
{
    EXPECT_TRUE(open());
    EXPECT_FALSE(wait(session().on(ipc::cleanup::Action{{"nosuch", ""}})));
    const std::string large(ipc::cleanup::content_limit + 1, 'x');
    EXPECT_FALSE(wait(session().on(ipc::cleanup::Content{large})));
}

TEST_F(SessionTest, LeavesNothingOfAClientThatGoes)
{
    for (int steps = 0; steps < 4; ++steps) {
        EXPECT_TRUE(open());
        if (steps > 0)
            recipient("user@example.org");
        if (steps > 1)
            content("Subject: x\r\n");
        if (steps > 2)
            content(std::string(60000, 'x') + std::string(60000, 'y').substr(0, 5000));
        configure("");
        EXPECT_TRUE(nothing_left()) << steps;
    }
}

TEST_F(SessionTest, BoundsTheEnvelope)
{
    configure("duplicate_filter_limit = 10\n");
    EXPECT_TRUE(open());
    const std::string large(1000, 'x');
    for (int i = 0; i < 40'000; ++i)
        recipient(base::cat(large, i, "@example.org"));
    content(simple);
    EXPECT_EQ(shown(finish()), "452 4.5.3 Error: too many recipients");
    EXPECT_TRUE(nothing_left());
}

} // namespace
} // namespace cleanup
