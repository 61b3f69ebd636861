// SPDX-License-Identifier: Apache-2.0
// header_checks(5): what tables see, what their answers do, and what the log says.
#include "cleanup/content_checks.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "tests/unit/cleanup/cleanup_fixture.h"

namespace cleanup {
namespace {

using queue::Queue;

constexpr std::string_view letter = "From: a@example.com\r\nSubject: cheap\r\n pills\r\n\r\n"
                                    "Hello\r\nclick here\r\n";
constexpr std::string_view who = " from mail.example.com[192.0.2.1]; from=<sender@example.com> "
                                 "to=<user@example.org> proto=ESMTP helo=<helo.example.com>";

class ContentChecksTest : public CleanupTest {
protected:
    // Configures `parameter` with one rule, sends the letter, and gives the reply.
    std::string send_with(std::string_view parameter, std::string_view rule)
    {
        configure(base::cat(parameter, " = pcre:{{", rule, "}}\n"));
        return send(letter);
    }
    std::string said(std::string_view action, std::string_view content, std::string_view text = {})
    {
        return base::cat("Q: ", action, ": ", content, who, text.empty() ? "" : ": ", text, "\n");
    }
    void expect_log(const std::string& line)
    {
        EXPECT_NE(log().find(line), std::string::npos) << log() << "lacks\n" << line;
    }
};

constexpr std::string_view subject = "header Subject: cheap? pills";

TEST_F(ContentChecksTest, RefuseMail)
{
    struct Row {
        std::string_view rule;
        std::string_view reply;
    };
    for (const Row& row : {
             Row{"/^Subject: cheap/ REJECT", "550 5.7.1 message content rejected"},
             Row{"/cheap\\n pills$$/ reject no pills", "550 5.7.1 no pills"},
             Row{"/^Subject:.*pills/ REJECT 5.7.9 no pills", "550 5.7.9 no pills"},
             Row{"/^Subject:/ REJECT 4.7.9 later", "451 4.7.9 later"},
             Row{"/^subject:/ REJECT 2.7.9 odd", "451 4.7.9 odd"},
         }) {
        EXPECT_EQ(send_with("header_checks", row.rule), row.reply) << row.rule;
        expect_log(said("reject", subject, row.reply.substr(4)));
        EXPECT_TRUE(nothing_left());
        log_lines_.lines.clear();
    }
}

TEST_F(ContentChecksTest, LookAtTheBodyLineByLine)
{
    EXPECT_EQ(send_with("body_checks", "/^click here$$/ REJECT"),
              "550 5.7.1 message content rejected");
    expect_log(said("reject", "body click here", "5.7.1 message content rejected"));
    EXPECT_EQ(send_with("body_checks", "/Subject|^$$/ REJECT"), "ok");
    configure("body_checks = pcre:{{/here/ REJECT}}\nbody_checks_size_limit = 7\n");
    EXPECT_EQ(send(letter), "ok");
}

TEST_F(ContentChecksTest, ChangeTheMessage)
{
    struct Row {
        std::string_view parameter;
        std::string_view rule;
        std::string_view text; // Of the message as it is kept.
    };
    for (const Row& row : {
             Row{"header_checks", "/^Subject:/ IGNORE",
                 "From: a@example.com\r\n\r\nHello\r\n"
                 "click here\r\n"},
             Row{"header_checks", "/^Subject: (.*)/ REPLACE Subject: [spam] x",
                 "From: a@example.com\r\nSubject: [spam] x\r\n\r\nHello\r\nclick here\r\n"},
             Row{"header_checks", "/^Subject:/ PREPEND X-Spam: yes",
                 "From: a@example.com\r\nX-Spam: yes\r\nSubject: cheap\r\n pills\r\n\r\nHello\r\n"
                 "click here\r\n"},
             Row{"header_checks", "/^Subject:/ STRIP",
                 "From: a@example.com\r\n\r\nHello\r\n"
                 "click here\r\n"},
             Row{"body_checks", "/^Hello/ IGNORE",
                 "From: a@example.com\r\nSubject: cheap\r\n pills\r\n\r\nclick here\r\n"},
             Row{"body_checks", "/^click/ REPLACE (cut)",
                 "From: a@example.com\r\nSubject: cheap\r\n pills\r\n\r\nHello\r\n(cut)\r\n"},
             Row{"body_checks", "/^click/ PREPEND Careful:",
                 "From: a@example.com\r\nSubject: cheap\r\n pills\r\n\r\nHello\r\nCareful:\r\n"
                 "click here\r\n"},
             Row{"header_checks", "/^Received:/ IGNORE", letter},
         }) {
        EXPECT_EQ(send_with(row.parameter, row.rule), "ok") << row.rule;
        EXPECT_EQ(stored_text(), row.text) << row.rule;
    }
}

TEST_F(ContentChecksTest, SeeOurOwnReceivedField)
{
    EXPECT_EQ(send_with("header_checks", "/^Received: from helo/ IGNORE"), "ok");
    EXPECT_EQ(stored_content(), letter);
}

TEST_F(ContentChecksTest, DecideWhatBecomesOfTheMessage)
{
    EXPECT_EQ(send_with("header_checks", "/^Subject:/ DISCARD gone"), "ok");
    expect_log(said("discard", subject, "gone"));
    EXPECT_TRUE(nothing_left());

    EXPECT_EQ(send_with("body_checks", "/^click/ DISCARD"), "ok");
    EXPECT_TRUE(nothing_left());

    EXPECT_EQ(send_with("header_checks", "/^Subject:/ HOLD why not"), "ok");
    expect_log(said("hold", subject, "why not"));
    EXPECT_EQ(stored_message(Queue::Hold).attribute("hold"), "why not");

    EXPECT_EQ(send_with("header_checks", "/^Subject:/ FILTER smtp:[127.0.0.1]:10025"), "ok");
    expect_log(said("filter", subject, "smtp:[127.0.0.1]:10025"));
    EXPECT_EQ(stored_message().attribute("content_filter"), "smtp:[127.0.0.1]:10025");

    EXPECT_EQ(send_with("header_checks", "/^Subject:/ REDIRECT other@example.org"), "ok");
    expect_log(said("redirect", subject, "other@example.org"));
    EXPECT_EQ(stored_recipients(), "other@example.org(user@example.org)");

    EXPECT_EQ(send_with("header_checks", "/^Subject:/ BCC copy@example.org"), "ok");
    expect_log(said("bcc", subject, "copy@example.org"));
    EXPECT_EQ(stored_recipients(), "user@example.org copy@example.org");
}

TEST_F(ContentChecksTest, OnlySpeakWhenToldTo)
{
    for (std::string_view action : {"warning", "info"}) {
        std::string word = action == "info" ? "INFO" : "WARN";
        EXPECT_EQ(send_with("header_checks", base::cat("/^Subject:/ ", word, " look")), "ok");
        expect_log(said(action, subject, "look"));
        EXPECT_EQ(stored_text(), letter);
    }
    for (std::string_view silent : {"DUNNO", "OK", "dunno with text"}) {
        log_lines_.lines.clear();
        EXPECT_EQ(send_with("header_checks", base::cat("/^Subject:/ ", silent)), "ok");
        EXPECT_EQ(log().find("Subject"), std::string::npos);
    }
}

TEST_F(ContentChecksTest, EndWithPassAndRedirect)
{
    configure("header_checks = pcre:{{/^From:/ PASS}, {/^Subject:/ REJECT}}\n"
              "body_checks = pcre:{{/./ REJECT}}\n");
    EXPECT_EQ(send(letter), "ok");
    expect_log(said("pass", "header From: a@example.com"));
}

TEST_F(ContentChecksTest, TellWhatIsWrongWithARule)
{
    struct Row {
        std::string_view rule;
        std::string_view warning;
    };
    for (const Row& row : {
             Row{"/^Subject:/ FILTER", "missing FILTER command argument in header_checks map"},
             Row{"/^Subject:/ FILTER smtp", "bad FILTER command smtp in header_checks -- need "
                                            "transport:destination"},
             Row{"/^Subject:/ REDIRECT x", "bad REDIRECT target \"x\" in header_checks map -- need "
                                           "user@domain"},
             Row{"/^Subject:/ BCC x", "bad BCC address \"x\" in header_checks map -- need "
                                      "user@domain"},
             Row{"/^Subject:/ PREPEND", "PREPEND action without text in header_checks map"},
             Row{"/^Subject:/ REPLACE no header", "bad REPLACE header text \"no header\" in "
                                                  "header_checks map -- need \"headername: "
                                                  "headervalue\""},
             Row{"/^Subject:/ EXPLODE", "unknown command in header_checks map: EXPLODE"},
         }) {
        EXPECT_EQ(send_with("header_checks", row.rule), "ok") << row.rule;
        expect_log(base::cat("warning: Q: ", row.warning, "\n"));
        EXPECT_EQ(stored_text(), letter) << row.rule;
    }
}

TEST_F(ContentChecksTest, WaitForATableThatCannotBeAsked)
{
    configure("header_checks = fail:x\n");
    EXPECT_EQ(send(letter), "451 4.3.0 Error: queue file write error");
    expect_log("warning: Q: header_checks map lookup problem -- message not accepted, try again "
               "later\n");
    EXPECT_TRUE(nothing_left());
}

constexpr std::string_view parts =
    "Subject: out\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    "Content-Type: text/x; name=a.exe\r\nX-Part: y\r\n\r\ntext\r\n--x\r\n"
    "Content-Type: message/rfc822\r\n\r\nSubject: in\r\nMIME-Version: 1.0\r\n\r\nbody\r\n--x--\r\n";

TEST_F(ContentChecksTest, HaveTablesForEachKindOfHeader)
{
    struct Row {
        std::string_view config;
        std::string_view content; // Of the log line; empty: nothing matches.
    };
    for (const Row& row : {
             Row{"header_checks = pcre:{{/^Subject: out/ WARN}}\n", "header Subject: out"},
             Row{"header_checks = pcre:{{/^Subject: in/ WARN}}\n", "header Subject: in"},
             Row{"header_checks = pcre:{{/name=a.exe/ WARN}}\n",
                 "header Content-Type: text/x; name=a.exe"},
             Row{"mime_header_checks = pcre:{{/^X-Part/ WARN}}\n", "header X-Part: y"},
             Row{"mime_header_checks = pcre:{{/^Content-Type: multipart/ WARN}}\n",
                 "header Content-Type: multipart/mixed; boundary=x"},
             Row{"mime_header_checks = pcre:{{/^MIME-V/ WARN}}\n", "header MIME-Version: 1.0"},
             Row{"mime_header_checks = pcre:{{/^Subject/ WARN}}\n", ""},
             Row{"nested_header_checks = pcre:{{/^Subject/ WARN}}\n", "header Subject: in"},
             Row{"nested_header_checks = pcre:{{/^X-Part|Subject: out|^MIME/ WARN}}\n", ""},
             Row{"body_checks = pcre:{{/^(X-|Subject|Content)/ WARN}}\n", ""},
             Row{"body_checks = pcre:{{/^--x--/ WARN}}\n", "body --x--"},
         }) {
        log_lines_.lines.clear();
        configure(std::string(row.config));
        EXPECT_EQ(send(parts), "ok");
        EXPECT_EQ(stored_text(), parts);
        if (!row.content.empty())
            expect_log(said("warning", row.content));
        EXPECT_EQ(log().find("warning") == std::string::npos, row.content.empty()) << log();
    }
}

TEST_F(ContentChecksTest, ChangeHeadersOfParts)
{
    configure("mime_header_checks = pcre:{{/name=a.exe/ REPLACE Content-Type: text/plain}, "
              "{/^X-Part/ IGNORE}}\n");
    EXPECT_EQ(send(parts), "ok");
    std::string want(parts);
    const std::string_view old = "text/x; name=a.exe\r\nX-Part: y";
    want.replace(want.find(old), old.size(), "text/plain");
    EXPECT_EQ(stored_text(), want);
}

TEST_F(ContentChecksTest, AreLeftOutOnRequestAndForOurOwnNotices)
{
    namespace option = ipc::cleanup::option;
    for (std::uint32_t left_out : {option::no_header_body_checks, option::internal}) {
        configure("header_checks = pcre:{{/./ REJECT}}\nbody_checks = pcre:{{/./ REJECT}}\n");
        options_ = left_out;
        EXPECT_EQ(send(letter), "ok");
    }
}

TEST_F(ContentChecksTest, RefuseWhatIsNestedTooDeep)
{
    configure("header_checks = pcre:{{/never/ REJECT}}\nmime_nesting_limit = 1\n");
    EXPECT_EQ(send(parts), "550 5.6.0 MIME nesting exceeds safety limit");
    EXPECT_TRUE(nothing_left());
}

} // namespace
} // namespace cleanup
