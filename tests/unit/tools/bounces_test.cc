// SPDX-License-Identifier: Apache-2.0
#include "tools/bounces/command.h"

#include <gtest/gtest.h>

namespace bounces {

namespace {

ipc::failures::Entry sample()
{
    ipc::failures::Entry entry;
    entry.subject = "a@b.example";
    entry.first = base::from_unix_seconds(1'000'000);
    entry.last = base::from_unix_seconds(2'000'000);
    entry.returned = 6;
    entry.deferred = 2;
    entry.soft_in_row = 6;
    entry.counts_as_hard = true;
    entry.latest.push_back({"a@b.example",
                            "4xID",
                            {mail::FailureClass::MailboxFull, false},
                            true,
                            true,
                            entry.last,
                            "5.2.2",
                            "552 5.2.2 \"full\"\x1b"});
    return entry;
}

} // namespace

TEST(Bounces, ReadsItsWords)
{
    const struct {
        std::vector<std::string> words;
        bool good;
    } table[] = {
        {{"list"}, true},
        {{"list", "--json", "--hard", "--suppressed", "b.example"}, true},
        {{"list", "--class", "blocked"}, true},
        {{"list", "--class", "block"}, false},
        {{"list", "--class"}, false},
        {{"list", "--all"}, false},
        {{"explain", "a@b.example"}, true},
        {{"explain", "--class", "blocked", "a@b.example"}, false},
        {{"explain"}, false},
        {{"clear", "--all"}, true},
        {{"clear", "--all", "a@b.example"}, false},
        {{"clear"}, false},
        {{"clear", "b.example", "a@b.example"}, true},
        {{"classify", "550 no"}, true},
        {{"lists"}, false},
        {{}, false},
    };
    for (const auto& row : table) {
        Request request;
        EXPECT_EQ(parse_words(row.words, request).empty(), row.good)
            << testing::PrintToString(row.words);
    }
    Request request;
    parse_words({"list", "--class", "blocked", "--hard"}, request);
    EXPECT_EQ(request.kind, mail::FailureClass::Blocked);
    EXPECT_TRUE(request.only_hard);
}

TEST(Bounces, ShowsAnEntry)
{
    const std::string line = list_line(sample());
    EXPECT_NE(line.find("counts-as-hard mailbox-full 6/2   "), std::string::npos) << line;
    EXPECT_EQ(list_heading().find("Address"), line.find("a@b.example"));
    EXPECT_TRUE(line.ends_with("  a@b.example\n"));
    const std::string text = page(sample());
    EXPECT_NE(text.find("soft failures in a row: 6 (counts as hard)"), std::string::npos) << text;
    EXPECT_NE(text.find("returned  mailbox-full (soft)  5.2.2\n    552 5.2.2 \"full\"?"),
              std::string::npos)
        << text;
    const std::string object = json(sample());
    EXPECT_NE(object.find("\"reply\": \"552 5.2.2 \\\"full\\\"\\u001"), std::string::npos)
        << object;
    EXPECT_NE(object.find("\"last\": 2000000"), std::string::npos);
}

TEST(Bounces, ShowsClassesOfReplies)
{
    const mail::Failure full{mail::FailureClass::MailboxFull, false};
    EXPECT_EQ(classified("552 5.2.2 over quota", full, false, false),
              "mailbox-full (soft)  552 5.2.2 over quota\n");
    EXPECT_EQ(classified("552 x", full, true, false),
              "mailbox-full (soft)  552 x  (failure_class_maps)\n");
    EXPECT_EQ(classified("552 x", full, true, true),
              "{\"class\": \"mailbox-full\", \"hard\": false, \"by\": \"failure_class_maps\", "
              "\"text\": \"552 x\"}\n");
}

TEST(Bounces, ReadsRepliesAndLinesOfTheLog)
{
    const struct {
        std::string_view text, reply, dsn;
        mail::Status status;
    } table[] = {
        {"550 5.1.1 no", "550 5.1.1 no", "5.1.1", mail::Status::Bounced},
        {"550-5.1.1 no", "550-5.1.1 no", "5.1.1", mail::Status::Bounced},
        {"450 later", "450 later", "4.0.0", mail::Status::Deferred},
        {"550", "550", "5.0.0", mail::Status::Bounced},
        {"host m[192.0.2.1] said: 550 5.7.1 no (in reply to RCPT TO command)", "550 5.7.1 no",
         "5.7.1", mail::Status::Bounced},
        {"4.4.1 timed out", "", "4.4.1", mail::Status::Deferred},
        {"  unknown user ", "", "5.0.0", mail::Status::Bounced},
        {"", "", "5.0.0", mail::Status::Bounced},
        {"250 ok", "", "5.0.0", mail::Status::Bounced},
        {"5.1", "", "5.0.0", mail::Status::Bounced},
    };
    for (const auto& row : table) {
        const mail::Outcome outcome = outcome_of(row.text);
        EXPECT_EQ(outcome.reply, row.reply) << row.text;
        EXPECT_EQ(outcome.dsn, row.dsn) << row.text;
        EXPECT_EQ(outcome.status, row.status) << row.text;
    }
}

} // namespace bounces
