// SPDX-License-Identifier: Apache-2.0
// Notices: who gets one, what it says, what is returned with it.
#include "bounce/server.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/notify_class.h"

namespace bounce {
namespace {

using base::Result;
using base::Task;
using ipc::bounce::Kind;
using ipc::bounce::Notified;
using ipc::bounce::Notify;
using ipc::bounce::Report;

struct Written {
    mail::Envelope envelope;
    mail::Recipient recipient;
    std::string text;
    bool finished = false;
};

class FakeSinks final : public NoticeSinks {
public:
    std::unique_ptr<NoticeSink> make() override;
    Written written;          // The last one.
    std::vector<Written> all; // Those that were finished.
    std::size_t fail_from = SIZE_MAX;
};

class FakeSink final : public NoticeSink {
public:
    explicit FakeSink(FakeSinks& sinks) : sinks_(sinks), written_(sinks.written) {}
    Task<Result<std::string>> open(mail::Envelope envelope, mail::Recipient recipient) override
    {
        if (sinks_.all.size() >= sinks_.fail_from)
            co_return base::temporary("no more");
        written_ = {};
        written_.envelope = std::move(envelope);
        written_.recipient = std::move(recipient);
        co_return std::string("NOTICE1");
    }
    Task<Result<void>> write(std::string bytes) override
    {
        written_.text += bytes;
        co_return Result<void>{};
    }
    Task<Result<void>> finish() override
    {
        written_.finished = true;
        sinks_.all.push_back(written_);
        co_return Result<void>{};
    }

private:
    FakeSinks& sinks_;
    Written& written_;
};

std::unique_ptr<NoticeSink> FakeSinks::make()
{
    return std::make_unique<FakeSink>(*this);
}

class LogLines final : public base::LogSink {
public:
    LogLines() : before_(base::set_log_sink(this)) {}
    ~LogLines() override { base::set_log_sink(before_); }
    void write(base::LogLevel, std::string_view line) override { lines.emplace_back(line); }
    std::vector<std::string> lines;

private:
    base::LogSink* before_;
};

class BounceTest : public ::testing::Test {
protected:
    static Notify request(const std::string& content)
    {
        Notify notify;
        notify.queue_id = "ABC123";
        notify.envelope.sender = "sender@example.org";
        notify.envelope.arrival = base::from_unix_seconds(1'700'000'000);
        notify.message.fd = base::Fd{::memfd_create("m", 0)};
        EXPECT_EQ(::write(notify.message.fd.number(), content.data(), content.size()),
                  static_cast<ssize_t>(content.size()));
        notify.content_size = content.size();
        Report report;
        report.recipient = {"user@example.com", "alias@example.com", {}, 0};
        report.outcome.status = mail::Status::Bounced;
        report.outcome.dsn = "5.1.1";
        report.outcome.mta = "mx.example.com";
        report.outcome.reply = "550 5.1.1 nobody here";
        report.outcome.text = "host mx.example.com[192.0.2.1] said: 550 5.1.1 nobody here (in "
                              "reply to RCPT TO command)";
        notify.reports.push_back(report);
        return notify;
    }

    static Task<void> store(Server& server, Notify notify, Result<Notified>& into)
    {
        into = co_await server.on(std::move(notify));
    }

    std::string notify(Notify what)
    {
        config::Faults faults;
        config::MainCf main =
            config::MainCf::parse("myhostname = mail.example.org\ndelay_warning_time = 4h\n"
                                  "maximal_queue_lifetime = 5d\n",
                                  "main.cf", faults);
        settings.identity = {"mail.example.org", "Posthouse", "example.org", utf8};
        settings.texts = make_texts({}, main, utf8, faults);
        EXPECT_TRUE(faults.empty());
        Server server(settings, sinks, clock);
        Result<Notified> answer = base::temporary("nothing");
        base::Scope scope;
        scope.spawn(store(server, std::move(what), answer));
        EXPECT_TRUE(answer);
        return answer ? answer->queue_id : "failed";
    }

    bool has(std::string_view part) const
    {
        return sinks.written.text.find(part) != std::string::npos;
    }

    bool utf8 = false; // smtputf8_enable
    Settings settings;
    FakeSinks sinks;
    base::ManualClock clock;
    LogLines log;
};

const std::string small = "Subject: hello\r\nFrom: a@b\r\n\r\nThe body\r\n";

TEST_F(BounceTest, TellsTheSenderWhatFailed)
{
    EXPECT_EQ(notify(request(small)), "NOTICE1");
    EXPECT_TRUE(sinks.written.finished);
    EXPECT_EQ(sinks.written.envelope.sender, "");
    EXPECT_EQ(sinks.written.recipient.address, "sender@example.org");
    EXPECT_EQ(sinks.written.recipient.dsn_notify, 0);
    for (const char* part :
         {"From: Mail Delivery System <MAILER-DAEMON>\r\n",
          "Subject: Undelivered Mail Returned to Sender\r\n", "To: sender@example.org\r\n",
          "Auto-Submitted: auto-replied\r\n",
          "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"",
          "\r\nThis is the mail system at host mail.example.org.\r\n",
          "\r\n<user@example.com> (expanded from <alias@example.com>): host\r\n    mx.example.com",
          "\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
          "mail.example.org\r\nX-Postfix-Queue-ID: ABC123\r\nX-Postfix-Sender: rfc822; "
          "sender@example.org\r\nArrival-Date: Tue, 14 Nov 2023 ",
          "\r\n\r\nFinal-Recipient: rfc822; user@example.com\r\nOriginal-Recipient: "
          "rfc822;alias@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; "
          "mx.example.com\r\nDiagnostic-Code: smtp; 550 5.1.1 nobody here\r\n",
          "\r\nContent-Description: Undelivered Message\r\nContent-Type: "
          "message/rfc822\r\n\r\nReturn-Path: <sender@example.org>\r\nSubject: hello\r\nFrom: "
          "a@b\r\n\r\nThe body\r\n\r\n--"})
        EXPECT_TRUE(has(part)) << part << "\n---\n" << sinks.written.text;
    EXPECT_TRUE(sinks.written.text.ends_with("--\r\n"));
    ASSERT_EQ(log.lines.size(), 1u);
    EXPECT_EQ(log.lines[0], "ABC123: sender non-delivery notification: NOTICE1");
}

TEST_F(BounceTest, TellsNobodyAboutMailFromTheNullSender)
{
    Notify what = request(small);
    what.envelope.sender.clear();
    EXPECT_EQ(notify(std::move(what)), "");
    EXPECT_TRUE(log.lines.empty());
}

TEST_F(BounceTest, RespectsWhatTheSenderWantsToKnow)
{
    using namespace mail::notify;
    struct Case {
        Kind kind;
        std::uint8_t wanted;
        bool told;
    };
    const Case cases[] = {
        {Kind::Failure, 0, true},        {Kind::Failure, never, false},
        {Kind::Failure, success, false}, {Kind::Failure, success | failure, true},
        {Kind::Delay, delay, true},      {Kind::Delay, failure, false},
        {Kind::Success, success, true},
    };
    for (const Case& c : cases) {
        Notify what = request(small);
        what.kind = c.kind;
        what.reports[0].recipient.dsn_notify = c.wanted;
        EXPECT_EQ(notify(std::move(what)) == "NOTICE1", c.told) << static_cast<int>(c.wanted);
    }
}

TEST_F(BounceTest, ReturnsOnlyTheHeaderOfLargeMessagesOrWhenAsked)
{
    Notify large = request(small + std::string(60000, 'x'));
    notify(std::move(large));
    EXPECT_TRUE(has("Content-Description: Undelivered Message Headers\r\nContent-Type: "
                    "text/rfc822-headers\r\n\r\nReturn-Path: <sender@example.org>\r\nSubject: "
                    "hello\r\nFrom: a@b\r\n\r\n--"));
    EXPECT_FALSE(has("The body"));
    sinks.written.text.clear();
    Notify headers = request(small);
    headers.envelope.dsn_return = mail::DsnReturn::Headers;
    notify(std::move(headers));
    EXPECT_FALSE(has("The body"));
}

TEST_F(BounceTest, ChoosesABoundaryThatTheMessageDoesNotHave)
{
    const std::string guess = base::cat("ABC123.", base::unix_microseconds(clock.wall()));
    notify(request(small + "--" + guess + "/mail.example.org\r\n"));
    EXPECT_TRUE(has("boundary=\"" + guess + "+1/mail.example.org\""));
}

TEST_F(BounceTest, EndsAnOpenLastLineAndDeclaresEightBits)
{
    notify(request("Subject: x\r\n\r\n\xFF no end"));
    EXPECT_TRUE(has("\xFF no end\r\n\r\n--"));
    EXPECT_TRUE(has("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n"));
}

TEST_F(BounceTest, ShowsWhatAProgramSaidAsThat)
{
    Notify what = request(small);
    what.reports[0].outcome.mta.clear();
    what.reports[0].outcome.text = "permission denied. Command output: gr\xC3\xBC\xC3\x9F";
    what.reports[0].outcome.reply = "gr\xC3\xBC\xC3\x9F";
    utf8 = true;
    notify(std::move(what));
    EXPECT_TRUE(has("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"));
    EXPECT_TRUE(has("output: gr\xC3\xBC\xC3\x9F\r\n"));
    EXPECT_TRUE(has("\r\nDiagnostic-Code: x-unix; gr????\r\n")) << "no UTF-8 in this type";
}

TEST_F(BounceTest, SaysOfAnAliasOnlyThatItIsOne)
{
    Notify what = request(small);
    what.kind = Kind::Success;
    what.reports[0].outcome = {mail::Status::Expanded, "2.0.0", "forwarded as 1", "local", {}, {}};
    notify(std::move(what));
    EXPECT_TRUE(has("\r\nDiagnostic-Code: X-Postfix; delivery via local: alias expanded\r\n"));
}

TEST_F(BounceTest, WritesOriginalRecipientsAsTheirPlaceAllows)
{
    for (const bool global : {false, true}) {
        Notify what = request(small);
        what.envelope.smtputf8 = global;
        what.reports[0].recipient.dsn_orcpt = "utf-8;gr\\x{FC}n@example.com";
        notify(std::move(what));
        EXPECT_TRUE(has(global ? "\r\nOriginal-Recipient: utf-8;gr\xC3\xBCn@example.com\r\n"
                               : "\r\nOriginal-Recipient: utf-8;gr\\x{FC}n@example.com\r\n"));
    }
}

TEST_F(BounceTest, SpeaksUtf8WhereAddressesNeedIt)
{
    Notify what = request(small);
    what.reports[0].recipient.address = "\xC3\xBC@example.com";
    notify(std::move(what));
    EXPECT_TRUE(sinks.written.envelope.smtputf8);
    EXPECT_TRUE(has("report-type=global-delivery-status"));
    EXPECT_TRUE(has("Content-Type: message/global-delivery-status"));
    EXPECT_TRUE(has("Final-Recipient: utf-8; \xC3\xBC@example.com\r\n"));
    EXPECT_TRUE(has("Content-Type: message/global\r\n"));
}

TEST_F(BounceTest, LetsNothingForeignBecomeALine)
{
    Notify what = request(small);
    what.reports[0].outcome.reply = "550 a\r\n\r\n--x\r\nEvil: yes";
    what.reports[0].outcome.text = "said\r\nEvil: yes";
    what.reports[0].recipient.address = "a\r\nEvil: yes@example.com";
    what.envelope.sender = "b\r\nEvil: yes@example.com";
    notify(std::move(what));
    EXPECT_FALSE(has("\nEvil"));
}

TEST_F(BounceTest, WarnsOfDelay)
{
    Notify what = request(small);
    what.kind = Kind::Delay;
    what.retry_until = base::from_unix_seconds(1'700'432'000);
    what.reports[0].outcome.dsn = "4.4.1";
    notify(std::move(what));
    EXPECT_TRUE(has("Subject: Delayed Mail (still being retried)\r\n"));
    EXPECT_TRUE(has("Action: delayed\r\nStatus: 4.4.1\r\n"));
    EXPECT_TRUE(has("\r\nWill-Retry-Until: Sun, 19 Nov 2023 "));
    EXPECT_TRUE(has("for more than 4 hour(s).\r\n"));
    EXPECT_TRUE(has("until it is 5 day(s) old"));
    EXPECT_FALSE(has("The body"));
    EXPECT_EQ(log.lines.back(), "ABC123: sender delay notification: NOTICE1");
}

TEST_F(BounceTest, ReportsSuccessWithTheWayItTook)
{
    Notify what = request(small);
    what.kind = Kind::Success;
    auto& outcome = what.reports[0].outcome;
    outcome.status = mail::Status::Sent;
    outcome.dsn = "2.0.0";
    outcome.relay = "mx.example.com[192.0.2.1]:25";
    outcome.text = outcome.reply = "250 2.0.0 ok";
    outcome.relayed = true;
    what.reports.push_back(what.reports[0]);
    what.reports[1].outcome = {
        mail::Status::Sent, "2.0.0", "delivered to mailbox", "local", {}, {}, {}};
    what.reports.push_back(what.reports[0]);
    what.reports[2].outcome = {
        mail::Status::Expanded, "2.0.0", "alias expanded", "none", {}, {}, {}};
    notify(std::move(what));
    for (const char* part :
         {"Subject: Successful Mail Delivery Report\r\n",
          ": delivery via\r\n    mx.example.com[192.0.2.1]:25: 250 2.0.0 ok\r\n",
          "Action: relayed\r\nStatus: 2.0.0\r\nRemote-MTA: dns; mx.example.com\r\n"
          "Diagnostic-Code: smtp; 250 2.0.0 ok\r\n",
          "Action: delivered\r\nStatus: 2.0.0\r\nDiagnostic-Code: X-Postfix; delivery via local: "
          "delivered to mailbox\r\n",
          "Action: expanded\r\nStatus: 2.0.0\r\nDiagnostic-Code: X-Postfix; alias expanded\r\n",
          "Content-Description: Message Headers\r\n"})
        EXPECT_TRUE(has(part)) << part << "\n" << sinks.written.text;
    EXPECT_EQ(log.lines.back(), "ABC123: sender delivery status notification: NOTICE1");
}

TEST_F(BounceTest, ReportsWhatWasOnlyAskedAbout)
{
    Notify what = request(small);
    what.kind = Kind::Verified;
    what.reports[0].recipient.dsn_notify = mail::notify::never;
    what.reports.push_back(what.reports[0]);
    what.reports[1].outcome.status = mail::Status::Sent;
    notify(std::move(what));
    EXPECT_TRUE(has("Subject: Mail Delivery Status Report\r\n"));
    EXPECT_TRUE(has("Action: undeliverable\r\nStatus: 5.1.1\r\n"));
    EXPECT_TRUE(has("Action: deliverable\r\n"));
}

TEST_F(BounceTest, GivesThePostmasterCopiesThatAreWanted)
{
    settings.classes = config::notify_class::bounce;
    settings.failure_copies = "pm@example.net";
    notify(request(small));
    ASSERT_EQ(sinks.all.size(), 2u);
    EXPECT_EQ(sinks.all[0].recipient.address, "sender@example.org");
    const Written& copy = sinks.all[1];
    EXPECT_EQ(copy.envelope.sender, "double-bounce@mail.example.org");
    EXPECT_EQ(copy.recipient.address, "pm@example.net");
    for (const char* part :
         {"Subject: Postmaster Copy: Undelivered Mail\r\nTo: pm@example.net\r\n"
          "Auto-Submitted: auto-generated\r\n",
          "charset=us-ascii\r\n\r\n\r\n<user@example.com> (", "text/rfc822-headers"})
        EXPECT_NE(copy.text.find(part), std::string::npos) << copy.text;
    EXPECT_EQ(log.lines.back(), "ABC123: postmaster non-delivery notification: NOTICE1");

    Notify delayed = request(small);
    delayed.kind = Kind::Delay;
    notify(std::move(delayed));
    EXPECT_EQ(sinks.all.size(), 3u); // No class delay.
}

TEST_F(BounceTest, ACopyThatFailsDoesNotTellTheSenderTwice)
{
    settings.classes = config::notify_class::bounce;
    sinks.fail_from = 1;
    EXPECT_EQ(notify(request(small)), "NOTICE1");
    EXPECT_EQ(log.lines.back(), "warning: ABC123: cannot send a notice: no more");
}

TEST_F(BounceTest, GivesThePostmasterNoticesThatCannotBeDelivered)
{
    settings.classes = config::notify_class::two_bounce;
    Notify what = request(small);
    what.envelope.sender.clear();
    what.envelope.dsn_return = mail::DsnReturn::Headers;
    what.reports[0].recipient.dsn_notify = mail::notify::never;
    EXPECT_EQ(notify(std::move(what)), "NOTICE1");
    EXPECT_EQ(sinks.written.recipient.address, "postmaster");
    EXPECT_EQ(sinks.written.envelope.sender, "double-bounce@mail.example.org");
    EXPECT_TRUE(has("X-Postfix-Sender: rfc822; MAILER-DAEMON@example.org\r\n"));
    EXPECT_TRUE(has("Return-Path: <MAILER-DAEMON@example.org>\r\n"));
    EXPECT_TRUE(has("The body"));
    EXPECT_EQ(log.lines.back(), "ABC123: postmaster non-delivery notification: NOTICE1");
}

TEST_F(BounceTest, DropsWhatThePostmasterCannotGet)
{
    settings.classes = ~0U;
    for (Kind kind : {Kind::Failure, Kind::Delay, Kind::Success, Kind::Verified}) {
        for (const char* sender :
             {"double-bounce@mail.example.org", "Double-Bounce@MAIL.example.org"}) {
            Notify what = request(small);
            what.kind = kind;
            what.envelope.sender = sender;
            EXPECT_EQ(notify(std::move(what)), "");
        }
    }
    EXPECT_TRUE(sinks.all.empty());
    EXPECT_EQ(log.lines.size(), 4u); // Of failure and of delay.
    EXPECT_EQ(log.lines[0], "warning: ABC123: undeliverable postmaster notification discarded");
}

TEST_F(BounceTest, NamesItselfAsConfigured)
{
    const std::pair<const char*, const char*> cases[] = {
        {"Posthouse", "Postfix"}, {"Postfix", "Postfix"}, {"My Mail:er", "My-Mail-er"}};
    for (const auto& [name, field] : cases)
        EXPECT_EQ((Identity{"h", name, "o", true}.field_name()), field);
}

TEST_F(BounceTest, AnswersTheMessageIfWanted)
{
    const std::string message = "Subject: x\r\nMessage-ID:\r\n <1@x>\r\n\r\nbody\r\n";
    const std::string_view fields = "\r\nTo: sender@example.org\r\nReferences: <1@x>\r\n"
                                    "In-Reply-To: <1@x>\r\nAuto-Submitted: auto-replied\r\n";
    notify(request(message));
    EXPECT_FALSE(has("In-Reply-To:"));
    settings.threaded = true;
    notify(request(message));
    EXPECT_TRUE(has(fields));
    notify(request("Subject: x\r\n\r\nMessage-ID: <1@x>\r\n"));
    EXPECT_FALSE(has("In-Reply-To:"));
}

TEST(Original, FindsTheMessageId)
{
    const std::pair<std::string, std::string> cases[] = {
        {"", ""},
        {"Message-Id: <1@x>\r\n", "<1@x>"},
        {"MESSAGE-ID:<1@x>", "<1@x>"},
        {"A: b\r\nmessage-id : \t<1 @x>\t \r\nMessage-Id: <2@x>\r\n", "<1 @x>"},
        {"Message-Id: junk\r\nMessage-Id: <2@x>\r\n", ""},
        {"Message-Id: <1@x\r\n\ty>\r\n", ""},
        {"Message-Id: <1@x>\r\n more\r\n", ""},
        {"Message-Id: <1\x01@x>\r\n", ""},
        {"Message-Id: <\xC3\xBC@x>\r\n", "<\xC3\xBC@x>"},
        {"Message-Id: <\xC3@x>\r\n", ""},
        {"Message-Id: <" + std::string(898, 'x') + ">\r\n", "<" + std::string(898, 'x') + ">"},
        {"Message-Id: <" + std::string(899, 'x') + ">\r\n", ""},
        {"Message-Id: <" + std::string(200'000, 'x') + ">\r\nA: b\r\n", ""},
        {std::string(100, 'A') + ": " + std::string(65'530, 'b') + "\r\nMessage-Id: <3@x>\r\n",
         "<3@x>"},
    };
    for (const auto& [header, want] : cases) {
        base::Fd fd{::memfd_create("m", 0)};
        ASSERT_EQ(::write(fd.number(), header.data(), header.size()),
                  static_cast<ssize_t>(header.size()));
        const Original original(fd.number(), 0, header.size());
        const auto found = original.message_id(header.size(), true);
        ASSERT_TRUE(found);
        EXPECT_EQ(*found, want) << header.substr(0, 60);
        const auto ascii = original.message_id(header.size(), false);
        ASSERT_TRUE(ascii);
        EXPECT_EQ(*ascii, base::is_ascii(want) ? want : "") << header.substr(0, 60);
    }
}

TEST(Original, FindsTheEndOfTheHeaderAcrossPieces)
{
    for (std::size_t size : {0ul, 10ul, 65533ul, 65534ul, 65535ul, 65536ul, 70000ul}) {
        const std::string head = std::string(size, 'h') + "\r\n";
        const std::string text = head + "\r\nbody\r\n";
        base::Fd fd{::memfd_create("m", 0)};
        ASSERT_EQ(::write(fd.number(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
        const Original original(fd.number(), 0, text.size());
        const auto found = original.header_size(1 << 20);
        ASSERT_TRUE(found);
        EXPECT_EQ(*found, size == 0 ? 0 : head.size()) << size;
        const auto facts = original.look(text.size(), "\r\n\r\nbo");
        ASSERT_TRUE(facts);
        EXPECT_TRUE(facts->has_needle) << size;
    }
}

} // namespace
} // namespace bounce
